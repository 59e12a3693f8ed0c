use varco_application::storage::StorageError;
use varco_domain::{User, UserId, search_terms};

use crate::batch::{Batch, Columns, Kind};
use crate::sql::sql;
use crate::work::SeaUnitOfWork;

const TERMS: Columns = &[("term", Kind::Text)];

impl SeaUnitOfWork {
    pub(super) async fn insert_user_terms(&self, user: &User) -> Result<(), StorageError> {
        let profile = &user.profile;
        let names = [profile.first_name.as_str(), profile.last_name.as_str()];
        let terms = search_terms(names.into_iter().chain([user.username.as_str(), user.email.as_str()]));
        let text = "INSERT INTO user_terms (user_id, term) SELECT $1, term FROM given";
        self.execute_batch(&[user.id.as_uuid().into()], Batch::of(TERMS, terms), text).await
    }

    pub(super) async fn delete_user_terms(&self, id: UserId) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM user_terms WHERE user_id = $1").with(id.as_uuid())).await.map(drop)
    }
}
