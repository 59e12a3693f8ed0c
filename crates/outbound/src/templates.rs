use std::collections::BTreeMap;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use time::OffsetDateTime;
use varco_application::OutgoingMail;
use varco_application::mails::MailValues;
use varco_domain::{Language, MailKind, Timestamp};
use zeroize::Zeroizing;

use crate::LinkBase;
use crate::letter::Letter;

/// The languages that mails are written in; the first one for whoever speaks none of them.
const LANGUAGES: [&str; 2] = ["en", "it"];

macro_rules! files {
    ($($language:literal: $($name:literal)*;)*) => {
        [$($((concat!($language, "/", $name), include_str!(concat!("../templates/", $language, "/", $name))),)*)*]
    };
}

/// Every template, by its path below `templates/`.
const FILES: [(&str, &str); 38] = files! {
    "en":
        "layout.html"
        "invitation.subject.txt" "invitation.txt" "invitation.html"
        "activated.subject.txt" "activated.txt" "activated.html"
        "temporary_password.subject.txt" "temporary_password.txt" "temporary_password.html"
        "password_reset.subject.txt" "password_reset.txt" "password_reset.html"
        "password_changed.subject.txt" "password_changed.txt" "password_changed.html"
        "new_pin.subject.txt" "new_pin.txt" "new_pin.html";
    "it":
        "layout.html"
        "invitation.subject.txt" "invitation.txt" "invitation.html"
        "activated.subject.txt" "activated.txt" "activated.html"
        "temporary_password.subject.txt" "temporary_password.txt" "temporary_password.html"
        "password_reset.subject.txt" "password_reset.txt" "password_reset.html"
        "password_changed.subject.txt" "password_changed.txt" "password_changed.html"
        "new_pin.subject.txt" "new_pin.txt" "new_pin.html";
};

/// Writes mails.
pub(crate) struct Templates {
    environment: Environment<'static>,
    link_base: LinkBase,
}

impl Templates {
    /// Templates whose links begin with this address.
    pub(crate) fn new(link_base: LinkBase) -> Self {
        let mut environment = Environment::new();
        // A place that nothing stands in is a mistake, not an empty one.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if name.rsplit('.').next() == Some("html") { AutoEscape::Html } else { AutoEscape::None }
        });
        for (name, source) in FILES {
            environment.add_template(name, source).expect("the templates are fixed, and a test writes each");
        }
        Self { environment, link_base }
    }

    /// Writes a mail.
    pub(crate) fn write(&self, mail: &OutgoingMail) -> Result<Letter, minijinja::Error> {
        let folder = language(&mail.language);
        let link = self.link(mail);
        let context = context(&mail.values, &self.link_base, folder, link.as_deref());
        let write = |ending: &str| {
            let template = self.environment.get_template(&format!("{folder}/{}.{ending}", mail.kind.as_str()))?;
            template.render(&context)
        };
        Ok(Letter {
            subject: write("subject.txt")?.trim().to_owned(),
            text: Zeroizing::new(write("txt")?),
            html: Zeroizing::new(write("html")?),
            link: link.map(Zeroizing::new),
        })
    }

    /// What there is to click in a mail.
    fn link(&self, mail: &OutgoingMail) -> Option<String> {
        let page = match mail.kind {
            MailKind::Invitation => "activate",
            MailKind::PasswordReset => "reset-password",
            MailKind::Activated | MailKind::TemporaryPassword | MailKind::PasswordChanged | MailKind::NewPin => {
                return None;
            }
        };
        mail.values.get("token").map(|token| self.link_base.with_token(page, token))
    }
}

/// Where the templates of a language are; those of English for one that there are none for.
fn language(language: &Language) -> &'static str {
    let primary = language.as_str().split('-').next().unwrap_or_default();
    LANGUAGES.into_iter().find(|it| it.eq_ignore_ascii_case(primary)).unwrap_or(LANGUAGES[0])
}

/// What stands in the places of a template.
fn context(values: &MailValues, base: &LinkBase, language: &str, link: Option<&str>) -> Value {
    let own = [("base", Some(base.to_string())), ("language", Some(language.to_owned()))];
    let link = [("link", link.map(str::to_owned)), ("expires", values.instant("expires_at").map(minute))];
    let given = values.iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    let derived = own.into_iter().chain(link).filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))));
    let places: BTreeMap<String, Value> = given.chain(derived).collect();
    Value::from(places)
}

/// An instant to the minute, as people everywhere can read it.
fn minute(instant: Timestamp) -> String {
    let seconds = instant.as_micros().div_euclid(1_000_000);
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, hour, minute) = (time.date(), time.hour(), time.minute());
    format!("{date} {hour:02}:{minute:02} UTC")
}

#[cfg(test)]
pub(crate) mod tests;
