use varco_application::{Agent, UserAgents};
use woothee::parser::Parser;

/// In bytes. No browser sends more, and a hostile one is not read to its end.
const MAX_LENGTH: usize = 1024;

/// What Woothee says when it does not know.
const UNKNOWN: &str = "UNKNOWN";

/// Reads headers with the rules of the Woothee project.
#[derive(Clone, Copy, Debug, Default)]
pub struct WootheeAgents;

impl UserAgents for WootheeAgents {
    fn read(&self, user_agent: &str) -> Agent {
        let end = user_agent.floor_char_boundary(MAX_LENGTH);
        let Some(found) = Parser::new().parse(&user_agent[..end]) else { return Agent::default() };
        Agent {
            browser: with_version(found.name, found.version),
            operating_system: match found.os {
                "Mac OSX" => "macOS".to_owned(),
                // Its name has the version already.
                windows if windows.starts_with("Windows") => windows.to_owned(),
                other => with_version(other, &found.os_version),
            },
        }
    }
}

/// The name and the first number of the version: the others change every few weeks.
fn with_version(name: &str, version: &str) -> String {
    if name.is_empty() || name == UNKNOWN {
        return String::new();
    }
    let digits = version.find(|character: char| !character.is_ascii_digit()).unwrap_or(version.len());
    format!("{name} {}", &version[..digits]).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(user_agent: &str) -> (String, String) {
        let Agent { browser, operating_system } = WootheeAgents.read(user_agent);
        (browser, operating_system)
    }

    #[test]
    fn browsers_and_systems_are_told_apart() {
        let known = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0.0.0 Safari/537.36",
                ("Chrome 126", "Windows 10"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                ("Edge 126", "Windows 10"),
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ("Firefox 128", "Linux")),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.5 Safari/605.1.15",
                ("Safari 17", "macOS"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.5 Mobile/15E148 Safari/604.1",
                ("Safari 17", "iPhone 17"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0.0.0 Mobile Safari/537.36",
                ("Chrome 126", "Android 14"),
            ),
        ];
        for (header, (browser, system)) in known {
            assert_eq!(read(header), (browser.to_owned(), system.to_owned()), "{header}");
        }
    }

    #[test]
    fn what_is_unknown_stays_empty() {
        for header in ["", "-", "x", "grpcurl/1.9", "\u{0}\u{1}", "\u{202e}"] {
            assert_eq!(read(header), (String::new(), String::new()), "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_and_gives_short_texts(
            header in "(Mozilla/5\\.0 )?[ -~]{0,60}( \\(Windows [^)]{0,9}\\))?( (Chrome|Firefox|MSIE|Opera)/.{0,20})?\\PC{0,1500}",
        ) {
            let (browser, system) = read(&header);

            prop_assert!(browser.len() < 100 + MAX_LENGTH && system.len() < 100 + MAX_LENGTH);
        }
    }
}
