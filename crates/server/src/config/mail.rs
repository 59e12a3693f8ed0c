mod transport;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use toml::{Table, Value};
use varco_application::Mailer;
use varco_outbound::{FileMailer, LinkBase, SmtpMailer};

use super::document::Document;
use transport::SmtpSection;

/// `[mail]`: how mails to users leave.
pub struct MailConfig {
    /// What links in mails begin with. It has no default: a wrong one would send people elsewhere.
    pub link_base_url: LinkBase,
    transport: Transport,
}

enum Transport {
    /// `transport = "smtp"`
    Smtp(Box<SmtpSection>),
    /// `transport = "file"`: for a machine without a mail server.
    File { folder: PathBuf },
}

impl MailConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let mut section = document.section("mail");
        let link_base_url = section.required("link_base_url", LinkBase::parse);
        let transport = match section.text("transport").as_deref() {
            Some("smtp") => SmtpSection::read(&mut section).map(|smtp| Transport::Smtp(Box::new(smtp))),
            Some("file") => section
                .required("folder", |folder| Ok::<_, String>(folder.into()))
                .map(|folder| Transport::File { folder }),
            _ => {
                section.problem("transport", "must be given: \"smtp\", or \"file\" where there is no mail server");
                section.ignore_rest();
                None
            }
        };
        Some(Self { link_base_url: link_base_url?, transport: transport? })
    }

    /// What sends mails like that.
    pub(crate) fn mailer(&self) -> anyhow::Result<Arc<dyn Mailer>> {
        let link_base = self.link_base_url.clone();
        Ok(match &self.transport {
            Transport::Smtp(smtp) => {
                Arc::new(SmtpMailer::new(smtp.options(link_base)).context("mail.tls and mail.ca_file do not work")?)
            }
            Transport::File { folder } => {
                let folder = folder.clone();
                Arc::new(FileMailer::new(folder, link_base).context("mail.folder cannot be used")?)
            }
        })
    }

    pub(super) fn effective(&self) -> Table {
        let mut table = match &self.transport {
            Transport::Smtp(smtp) => smtp.effective(),
            Transport::File { folder } => Table::from_iter([
                ("transport".to_owned(), Value::from("file")),
                ("folder".to_owned(), Value::String(folder.display().to_string())),
            ]),
        };
        table.insert("link_base_url".to_owned(), Value::String(self.link_base_url.to_string()));
        table
    }
}
