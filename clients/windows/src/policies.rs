//! What Edge is told for the account, as a file for the registry: it goes to one host alone, and saves, prints and asks nothing.

use crate::config::Host;
use std::fmt::Write as _;

/// Where an administrator has loaded the account's part of the registry (README.md beside this program).
const HIVE: &str = r"HKEY_USERS\REGAIN\Software\Policies\Microsoft\Edge";

/// Policies that are a number, by Edge's names.
const NUMBERS: [(&str, u32); 31] = [
    ("SSLErrorOverrideAllowed", 0),
    ("InPrivateModeAvailability", 2),
    ("DeveloperToolsAvailability", 2),
    ("RemoteDebuggingAllowed", 0),
    ("DownloadRestrictions", 3),
    ("AllowFileSelectionDialogs", 0),
    ("PrintingEnabled", 0),
    ("DefaultPopupsSetting", 2),
    ("DefaultNotificationsSetting", 2),
    ("DefaultGeolocationSetting", 2),
    ("DefaultFileSystemReadGuardSetting", 2),
    ("DefaultFileSystemWriteGuardSetting", 2),
    ("DefaultSerialGuardSetting", 2),
    ("DefaultWebUsbGuardSetting", 2),
    ("DefaultWebBluetoothGuardSetting", 2),
    ("AudioCaptureAllowed", 0),
    ("VideoCaptureAllowed", 0),
    ("ScreenCaptureAllowed", 0),
    ("PasswordManagerEnabled", 0),
    ("AutofillAddressEnabled", 0),
    ("AutofillCreditCardEnabled", 0),
    ("SavingBrowserHistoryDisabled", 1),
    ("DefaultSearchProviderEnabled", 0),
    ("SearchSuggestEnabled", 0),
    ("TranslateEnabled", 0),
    ("SpellcheckEnabled", 0),
    ("BrowserSignin", 0),
    ("SyncDisabled", 1),
    ("HubsSidebarEnabled", 0),
    ("UserFeedbackAllowed", 0),
    ("HideFirstRunExperience", 1),
];

/// Where the wizard and what it loads are, beneath the host.
const PATHS: [&str; 4] = ["/kiosk", "/pkg/", "/captcha/", "/brand/"];

/// The file, as `reg import` reads it.
pub(crate) fn registry(host: &Host) -> String {
    let mut text = format!("Windows Registry Editor Version 5.00\r\n\r\n[{HIVE}]\r\n");
    for (name, value) in NUMBERS {
        let _ = write!(text, "\"{name}\"=dword:{value:08x}\r\n");
    }
    // A dot before the host: its sub-domains are other hosts.
    let allowed = PATHS.map(|path| format!("https://.{}{path}", host.as_str()));
    list(&mut text, "URLBlocklist", &["*".to_owned()]);
    list(&mut text, "URLAllowlist", &allowed);
    list(&mut text, "ExtensionInstallBlocklist", &["*".to_owned()]);
    text
}

fn list(text: &mut String, name: &str, values: &[String]) {
    // Taken away first: a former host shall not stay.
    let _ = write!(text, "\r\n[-{HIVE}\\{name}]\r\n\r\n[{HIVE}\\{name}]\r\n");
    for (value, place) in values.iter().zip(1..) {
        let _ = write!(text, "\"{place}\"=\"{value}\"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_edge_goes_to_one_host_and_saves_nothing() {
        let text = registry(&Host::parse("reset.example.org").expect("a host"));
        assert!(text.starts_with("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_USERS\\REGAIN\\"));
        for line in [
            "\"1\"=\"*\"",
            "\"1\"=\"https://.reset.example.org/kiosk\"",
            "\"4\"=\"https://.reset.example.org/brand/\"",
            "\"SSLErrorOverrideAllowed\"=dword:00000000",
            "\"DownloadRestrictions\"=dword:00000003",
            "\"PrintingEnabled\"=dword:00000000",
            "\"DeveloperToolsAvailability\"=dword:00000002",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}");
        }
        assert!(text.lines().all(|line| !line.contains("http://")));
        assert_eq!(text.matches("reset.example.org").count(), PATHS.len());
    }
}
