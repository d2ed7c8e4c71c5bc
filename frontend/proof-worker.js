// Solves a proof of work (ALTCHA version 2, PBKDF2) away from the page's thread.
//
// In:  {challenge}   as GET /captcha/challenge gives it
// Out: {progress}    now and then, from 0 to 1
//      {solution}    the text for the form's field `captcha`
//      {failed:true} where this browser cannot: no WebCrypto (it needs https or localhost), or not a challenge
"use strict";

// Two derivations at a time: while one is being handed over, the other one works.
const LANES = 2;
const HASHES = {
  "PBKDF2/SHA-256": "SHA-256",
  "PBKDF2/SHA-384": "SHA-384",
  "PBKDF2/SHA-512": "SHA-512",
};

const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// The key of one counter: the password is the nonce, then the counter as four bytes, most significant first.
async function derive({ algorithm, cost, keyLength, nonce, salt }, counter) {
  const start = fromHex(nonce);
  const password = new Uint8Array(start.length + 4);
  password.set(start);
  new DataView(password.buffer).setUint32(start.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const way = { name: "PBKDF2", hash: HASHES[algorithm], salt: fromHex(salt), iterations: cost };
  return toHex(new Uint8Array(await crypto.subtle.deriveBits(way, key, 8 * keyLength)));
}

async function solve(challenge) {
  const { parameters } = challenge;
  const most = parameters.data?.most;
  const begun = performance.now();
  let told = begun;
  for (let first = 0; ; first += LANES) {
    const counters = Array.from({ length: LANES }, (_, lane) => first + lane);
    const keys = await Promise.all(counters.map((counter) => derive(parameters, counter)));
    const lane = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    const now = performance.now();
    if (lane >= 0) {
      const solution = { counter: counters[lane], derivedKey: keys[lane], time: Math.round(now - begun) };
      return btoa(JSON.stringify({ challenge, solution }));
    }
    if (most && first > most) throw new Error("no counter fits");
    if (most && now - told > 100) {
      told = now;
      postMessage({ progress: Math.min(1, first / most) });
    }
  }
}

onmessage = async ({ data: { challenge } }) => {
  try {
    const solution = await solve(challenge);
    postMessage({ progress: 1 });
    postMessage({ solution });
  } catch {
    postMessage({ failed: true });
  }
};
