#!/usr/bin/python3
"""The session of a locked workstation, on a screen that nobody sees (Xvfb): it opens the demo's /kiosk by TLS over the whole
screen, leads nowhere else, believes no chain that is not valid, and opens the browser again when that ends. An enrolled machine
opens it by a ticket, and its token is nowhere to be seen.

Wants REGAIN_BINARY, the program with the demo. Says what is missing, and passes, on a machine that has no Xvfb, browser or
bubblewrap."""
import datetime
import hashlib
import http.client
import ipaddress
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEEDED = ["Xvfb", "xdotool", "xdpyinfo", "xset", "bwrap", "curl"]
DEVICE = "/kiosk/device"
SIZE = (1280, 800)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(what, ask, seconds=30):
    """Asks until it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain: {what}")


def certificates(folder):
    """An authority of our own, and what it says of localhost."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.datetime.now(datetime.timezone.utc)

    def signed(subject, public, issuer, key, extensions):
        made = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(public)
        made = made.serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=30))
        for extension, is_critical in extensions:
            made = made.add_extension(extension, is_critical)
        return made.sign(key, hashes.SHA256())

    def key_usage(is_authority):
        return x509.KeyUsage(
            digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False)

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = signed("Kiosk test authority", root.public_key(), "Kiosk test authority", root, [
        (x509.BasicConstraints(ca=True, path_length=0), True), (key_usage(True), True)])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    server = signed("localhost", own.public_key(), "Kiosk test authority", root, [
        (x509.SubjectAlternativeName(names), False), (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(False), True), (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)])
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    (folder / "server.pem").write_bytes(server.public_bytes(pem) + own.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def processes():
    """The arguments of all that runs, and the environment of what asks for a ticket, which is the launcher's."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes()
            yield arguments
            if DEVICE.encode() in arguments:
                yield (process / "environ").read_bytes()
        except OSError:
            pass


class Relay:
    """Speaks TLS before the demo, and notes what is asked for: host and path of each request.

    Of a machine that shows its token it notes more: the answer, and which processes there are meanwhile. The first answers may
    be given in the demo's place."""

    def __init__(self, chain, demo_port, own_answers=()):
        self.asked, self.n_refused, self.n_plain, self.demo_port = [], 0, 0, demo_port
        self.lines, self.answers, self.processes, self.own_answers = [], [], [], list(own_answers)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as speaking, speaking.makefile("rb") as said:
                while self.pass_on(speaking, said):
                    pass
        except ssl.SSLError as fault:
            self.n_plain += fault.reason == "HTTP_REQUEST"
            self.n_refused += 1
        except OSError:
            pass

    def pass_on(self, speaking, said):
        line = said.readline().decode("latin-1").split()
        if len(line) != 3:
            return False
        headers = http.client.parse_headers(said)
        self.lines.append(" ".join(line))
        self.asked.append((headers["host"] or "", line[1]))
        body = said.read(int(headers["content-length"] or 0))
        if line[1] == DEVICE:
            self.processes.extend(processes())
        is_own = line[1] == DEVICE and self.own_answers
        status, head, whole = self.own_answers.pop(0) if is_own else self.of_demo(line[0], line[1], body, headers)
        if line[1] == DEVICE:
            self.answers.append((line[0], status, whole.decode()))
        speaking.sendall(f"HTTP/1.1 {status} .\r\n{head}content-length: {len(whole)}\r\n\r\n".encode("latin-1"))
        speaking.sendall(whole)
        return True

    def of_demo(self, method, path, body, headers):
        inner = http.client.HTTPConnection("127.0.0.1", self.demo_port, timeout=30)
        inner.request(method, path, body or None, dict(headers.items()))
        answer = inner.getresponse()
        whole = answer.read()
        kept = [(name, value) for name, value in answer.getheaders()
                if name.lower() not in ("transfer-encoding", "connection", "content-length")]
        inner.close()
        return answer.status, "".join(f"{name}: {value}\r\n" for name, value in kept), whole

    def paths(self):
        return [path for _, path in self.asked]


class Screen:
    """A screen of its own."""

    def __init__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"

    def do(self, *command):
        done = subprocess.run(["xdotool", *command], env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True)
        return done.stdout.strip()

    def titles(self):
        found = self.do("search", "--onlyvisible", "--name", ".").split()
        return [title for window in found if (title := self.do("getwindowname", window))]

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Session:
    """The launcher on a screen, as install.sh has put it."""

    def __init__(self, folder, screen, relay, is_trusted=True, before="", token=None, program=None):
        self.root = Path(tempfile.mkdtemp(dir=folder))
        authority = ["--ca", str(folder / "ca.pem")] if is_trusted else []
        subprocess.run([HERE / "install.sh", f"localhost:{relay.port}", *authority, "--root", self.root], check=True)
        wrapper = self.root / "browser"
        browser = os.environ.get("REGAIN_BROWSER") or shutil.which("chromium")
        # Chromium's own sandbox wants another user than root; `before` is an address that it opens as well.
        own = "--no-sandbox" if os.getuid() == 0 else ""
        program = program or f'exec {browser} {own} --disable-gpu --disable-quic {before} "$@"'
        wrapper.write_text(f"#!/bin/sh\n{program}\n")
        wrapper.chmod(0o755)
        config = self.root / "etc/regain-kiosk/regain-kiosk.conf"
        with config.open("a") as lines:
            lines.write(f"browser = {wrapper}\npolicies = {self.root}/etc/regain-kiosk/policies\n")
            lines.write(f"token = {token or self.root / 'etc/regain-kiosk/token'}\n")
        environment = {**os.environ, "DISPLAY": screen.display, "HOME": str(self.root)}
        environment.pop("XAUTHORITY", None)
        self.log = (self.root / "log").open("w")
        self.process = subprocess.Popen(
            [self.root / "usr/local/bin/regain-kiosk", config], env=environment, stdout=self.log, stderr=self.log,
            start_new_session=True)

    def child(self):
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(listed[0]) if listed else None

    def said(self):
        return (self.root / "log").read_text()

    def arguments(self):
        return Path(f"/proc/{self.child()}/cmdline").read_text().split("\0")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        if sys.exc_info()[0]:
            print(self.said()[-3000:], file=sys.stderr)


def install(root):
    """Puts the session into a folder with a token, and gives what it says: the fingerprint."""
    done = subprocess.run([HERE / "install.sh", "reset.example", "--token", "--root", root], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]


class Stage:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        certificates(folder)
        binary = os.environ["REGAIN_BINARY"]
        self.demo = subprocess.Popen(
            [binary, "demo", "--fresh", "--listen", f"127.0.0.1:{self.port}", "--data", folder / "demo"], cwd=HERE.parent.parent,
            env={**os.environ, "REGAIN_OPERATIONS__LISTEN": "127.0.0.1:0", "REGAIN_LOG__FILTER": "warn"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the demo", self.answers)
        self.screen = Screen()

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def session(self, own_answers=(), **how):
        self.screen.do("mousemove", str(SIZE[0] // 2), str(SIZE[1] // 2))
        relay = Relay(self.folder / "server.pem", self.port, own_answers)
        return relay, Session(self.folder, self.screen, relay, **how)

    def machine(self):
        """A machine with a token: its file, and its fingerprint."""
        root = Path(tempfile.mkdtemp(dir=self.folder))
        return root / "etc/regain-kiosk/token", install(root)

    def enrol(self, fingerprint, name="Front desk"):
        demo = self.folder / "demo"
        settings = {"REGAIN_DATABASE__URL": f"sqlite://{demo}/demo.db", "REGAIN_KEYS__FILE": str(demo / "demo.keys")}
        command = [os.environ["REGAIN_BINARY"], "kiosk", "add", name, fingerprint, "--tenant", "acorn"]
        done = subprocess.run(command, env={**os.environ, **settings}, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def stop(self):
        self.screen.stop()
        self.demo.send_signal(signal.SIGTERM)
        self.demo.wait(20)


def is_kiosks(path):
    return path == "/kiosk" or path.startswith(("/kiosk?", "/kiosk/", "/pkg/", "/captcha/", "/brand/"))


def r58_opens_the_kiosk_over_the_whole_screen_and_opens_it_again(stage):
    relay, session = stage.session()
    try:
        # The page's program asks for its own check: so it is there, and alive.
        wait_for("the page", lambda: "/captcha/challenge" in relay.paths())
        wait_for("its title", lambda: any("Acorn Works" in title for title in stage.screen.titles()))
        window = stage.screen.do("search", "--onlyvisible", "--name", "Acorn Works").split()[0]
        geometry = stage.screen.do("getwindowgeometry", "--shell", window)
        place = dict(line.split("=") for line in geometry.splitlines())
        assert (place["X"], place["Y"]) == ("0", "0"), geometry
        assert int(place["WIDTH"]) >= SIZE[0] and int(place["HEIGHT"]) >= SIZE[1], geometry
        picture = os.environ.get("REGAIN_KIOSK_PICTURE")
        if picture:
            subprocess.run(["xwd", "-root", "-silent", "-out", picture], env={**os.environ, "DISPLAY": stage.screen.display}, check=True)
        assert not Path(session.root / ".config").exists(), "nothing is written to the home"
        before = relay.paths().count("/kiosk")
        os.kill(session.child(), signal.SIGKILL)
        wait_for("the browser again", lambda: relay.paths().count("/kiosk") > before)
    finally:
        session.stop()


def r58_keys_lead_nowhere(stage):
    relay, session = stage.session()
    try:
        wait_for("the page", lambda: "/captcha/challenge" in relay.paths())
        window = wait_for("its window", lambda: stage.screen.do("search", "--onlyvisible", "--name", "Acorn Works").split())[0]
        stage.screen.do("windowfocus", window)
        for keys in ["ctrl+l", "ctrl+t", "ctrl+n", "ctrl+shift+n", "ctrl+o", "ctrl+s", "ctrl+p", "ctrl+u", "ctrl+shift+i", "F12",
                     "ctrl+h", "ctrl+j", "ctrl+shift+o", "F1", "alt+Home", "alt+Left", "F11", "Escape"]:
            stage.screen.do("key", keys)
            stage.screen.do("type", f"https://127.0.0.1:{relay.port}/reset")
            stage.screen.do("key", "Return")
        # What comes after all of these shows that they are through: the browser is closed, and comes anew.
        before = relay.paths().count("/kiosk")
        stage.screen.do("key", "ctrl+shift+w")
        os.kill(session.child(), signal.SIGKILL)
        wait_for("the browser again", lambda: relay.paths().count("/kiosk") > before)
        astray = [asked for asked in relay.asked if asked[0] != f"localhost:{relay.port}" or not is_kiosks(asked[1])]
        assert astray == [], astray
    finally:
        session.stop()


def r58_another_host_and_another_page_are_refused(stage):
    for place in ["https://127.0.0.1:{port}/kiosk", "https://localhost:{port}/signin", "http://localhost:{port}/kiosk"]:
        relay = Relay(stage.folder / "server.pem", stage.port)
        session = Session(stage.folder, stage.screen, relay, before=place.format(port=relay.port))
        try:
            # The kiosk's own page is opened after it: once that is there, the other one was let through or it was not.
            wait_for("the kiosk's page", lambda: "/kiosk" in relay.paths() and any(path.startswith("/pkg/") for path in relay.paths()))
            astray = [asked for asked in relay.asked if asked[0] != f"localhost:{relay.port}" or not is_kiosks(asked[1])]
            assert astray == [], (place, astray)
            assert relay.n_plain == 0, "nothing is said without TLS"
        finally:
            session.stop()


def r58_a_chain_that_is_not_valid_is_not_believed(stage):
    relay, session = stage.session(is_trusted=False)
    try:
        wait_for("the handshake", lambda: relay.n_refused)
        wait_for("a refusal", lambda: any("Privacy error" in title for title in stage.screen.titles()))
        # The word by which Chromium lets developers go on all the same.
        stage.screen.do("type", "thisisunsafe")
        wait_for("another handshake or none", lambda: not any("Acorn" in title for title in stage.screen.titles()))
        assert relay.asked == [], relay.asked
    finally:
        session.stop()


def r58_it_starts_for_no_host_but_the_one_it_was_installed_for(stage):
    relay, session = stage.session()
    session.stop()
    config = session.root / "etc/regain-kiosk/regain-kiosk.conf"
    whole = config.read_text()
    for host in ["elsewhere.example", "", "localhost/", "localhost:1 --app=x", "$(id)"]:
        config.write_text(whole.replace(f"host = localhost:{relay.port}", f"host = {host}"))
        done = subprocess.run([session.root / "usr/local/bin/regain-kiosk", config], capture_output=True, text=True,
                              env={**os.environ, "DISPLAY": stage.screen.display}, timeout=20)
        assert done.returncode == 1 and "regain-kiosk: " in done.stderr, (host, done)


def assert_untold(token, relay, session):
    """The token went to the host and is nowhere else."""
    assert any(DEVICE.encode() in told for told in relay.processes), "curl was seen at work"
    told = [what for what in relay.processes if token.read_bytes() in what]
    assert not told and token.read_text() not in session.said(), "a process or the log holds the token"
    assert not [line for line in relay.lines if token.read_text() in line], "an address holds the token"


def r58_a_token_is_made_once_and_its_fingerprint_told(stage):
    token, fingerprint = stage.machine()
    text = token.read_text()
    assert re.fullmatch("[A-Za-z0-9_-]{43}", text) and token.stat().st_mode & 0o777 == 0o640, token.stat()
    assert fingerprint == hashlib.sha256(text.encode()).hexdigest(), fingerprint
    # An editor's end of line is no part of it.
    token.write_text(f"{text}\n")
    assert install(token.parents[2]) == fingerprint and token.read_text() == f"{text}\n"
    assert stage.machine()[1] != fingerprint


def r58_an_enrolled_machine_opens_by_a_ticket_each_time(stage):
    token, fingerprint = stage.machine()
    stage.enrol(fingerprint)
    relay, session = stage.session(token=token)
    try:
        for n_times in [1, 2]:
            wait_for("the page behind the ticket", lambda: relay.paths().count("/captcha/challenge") == n_times)
            assert relay.answers[-1][:2] == ("POST", 200), relay.answers
            assert session.arguments()[-2].endswith(f"/kiosk/open#{relay.answers[-1][2]}"), session.arguments()
            pages = [path for path in relay.paths() if path in (DEVICE, "/kiosk/open", "/kiosk")]
            assert pages == [DEVICE, "/kiosk/open", "/kiosk"] * n_times, pages
            os.kill(session.child(), signal.SIGKILL)
        tickets = [ticket for _, _, ticket in relay.answers]
        assert len(set(tickets)) == len(tickets), tickets
        assert not [line for line in relay.lines if any(ticket in line for ticket in tickets)], "no request's address holds one"
        assert_untold(token, relay, session)
    finally:
        session.stop()


def r58_a_token_that_the_host_does_not_know_opens_the_page_plainly_until_it_does(stage):
    token, fingerprint = stage.machine()
    relay, session = stage.session(token=token)
    try:
        wait_for("the page", lambda: "/captcha/challenge" in relay.paths())
        assert [answer[:2] for answer in relay.answers] == [("POST", 403)], relay.answers
        assert "/kiosk/open" not in relay.paths() and session.said().count("does not know the machine's token") == 1, session.said()
        stage.enrol(fingerprint, "Back desk")
        wait_for("the page behind a ticket", lambda: "/kiosk/open" in relay.paths(), 60)
        assert_untold(token, relay, session)
    finally:
        session.stop()


def r58_a_host_that_gives_no_ticket_is_asked_again(stage):
    none = [(503, "", b"ticket"), (200, "", b""), (200, "", b"a ticket"), (200, "", b"a" * 400)]
    token, _ = stage.machine()
    relay, session = stage.session(own_answers=[*none, (200, "", b"A-z_9")], token=token)
    try:
        page = wait_for("the browser", lambda: next((path for path in relay.paths() if path != DEVICE), None), 60)
        assert page == "/kiosk/open" and len(relay.answers) == len(none) + 1, relay.paths()
        assert session.arguments()[-2] == f"https://localhost:{relay.port}/kiosk/open#A-z_9", session.arguments()
        assert_untold(token, relay, session)
    finally:
        session.stop()


def r58_no_token_is_shown_where_the_chain_is_not_valid(stage):
    relay, session = stage.session(is_trusted=False, token=stage.machine()[0])
    try:
        wait_for("another try", lambda: relay.n_refused >= 2)
        assert relay.asked == [] and session.said() == "", (relay.asked, session.said())
    finally:
        session.stop()


def r58_the_browser_does_not_see_the_token(stage):
    # Where nothing but the launcher would hide it.
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        token = Path(folder) / "token"
        token.write_bytes(stage.machine()[0].read_bytes())
        look = f"for one in {token} {folder}/*; do cat $one; done; echo looked; sleep 60"
        _, session = stage.session(own_answers=[(403, "", b"")] * 9, token=token, program=look)
        try:
            wait_for("a look", lambda: "looked" in session.said())
            assert token.read_text() not in session.said(), session.said()
        finally:
            session.stop()


TESTS = [
    r58_it_starts_for_no_host_but_the_one_it_was_installed_for,
    r58_a_token_is_made_once_and_its_fingerprint_told,
    r58_the_browser_does_not_see_the_token,
    r58_no_token_is_shown_where_the_chain_is_not_valid,
    r58_a_host_that_gives_no_ticket_is_asked_again,
    r58_an_enrolled_machine_opens_by_a_ticket_each_time,
    r58_a_token_that_the_host_does_not_know_opens_the_page_plainly_until_it_does,
    r58_opens_the_kiosk_over_the_whole_screen_and_opens_it_again,
    r58_keys_lead_nowhere,
    r58_another_host_and_another_page_are_refused,
    r58_a_chain_that_is_not_valid_is_not_believed,
]


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if not (os.environ.get("REGAIN_BROWSER") or shutil.which("chromium")):
        missing.append("chromium")
    if missing:
        print(f"the session for a locked workstation is NOT TESTED here, for want of: {', '.join(missing)}")
        return 0
    wanted = sys.argv[1:]
    tests = [test for test in TESTS if not wanted or any(word in test.__name__ for word in wanted)]
    n_failed = 0
    with tempfile.TemporaryDirectory(prefix="regain-kiosk-", ignore_cleanup_errors=True) as folder:
        stage = Stage(Path(folder))
        try:
            for test in tests:
                try:
                    test(stage)
                    print(f"ok      {test.__name__}")
                except AssertionError as fault:
                    n_failed += 1
                    print(f"FAILED  {test.__name__}: {fault}")
        finally:
            stage.stop()
    print(f"{len(tests) - n_failed} passed, {n_failed} failed")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
