use crate::MailCategory;

/// The categories of mail that a member wants from an organization and its services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailPreferences([bool; MailCategory::ALL.len()]);

impl MailPreferences {
    /// What a user wants who chose nothing: general mail.
    pub fn of_users() -> Self {
        [MailCategory::General].into_iter().collect()
    }

    /// Whether mail of a category is wanted.
    pub fn includes(&self, category: MailCategory) -> bool {
        self.0[place(category)]
    }

    /// Turns a category on or off.
    pub fn set(&mut self, category: MailCategory, is_on: bool) {
        self.0[place(category)] = is_on;
    }
}

impl FromIterator<MailCategory> for MailPreferences {
    fn from_iter<I: IntoIterator<Item = MailCategory>>(categories: I) -> Self {
        let mut preferences = Self::default();
        for category in categories {
            preferences.set(category, true);
        }
        preferences
    }
}

const fn place(category: MailCategory) -> usize {
    match category {
        MailCategory::General => 0,
        MailCategory::Product => 1,
        MailCategory::Domain => 2,
        MailCategory::Billing => 3,
        MailCategory::Support => 4,
    }
}
