use std::time::Duration;

use varco_application::storage::MailQuery;
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

const CONTENT: &[u8] = b"\x00sealed\xff";

fn mail(organization: OrganizationId, user: &User) -> Mail {
    let created_at = instant();
    Mail {
        id: id(),
        organization,
        user: user.id,
        recipient: user.email.clone(),
        language: Language::parse("it-CH").unwrap(),
        kind: MailKind::NewPin,
        status: MailStatus::Queued,
        attempts: 0,
        next_attempt_at: created_at,
        created_at,
        sent_at: None,
        last_fault: None,
    }
}

async fn person(store: &SeaStore, home: OrganizationId, name: &str) -> User {
    let user = user(home, name);
    commit!(store, |work| work.users().insert(&user), work.users().insert_membership(&membership(home, &user)));
    user
}

async fn queued(store: &SeaStore, organization: OrganizationId, user: &User) -> Mail {
    let mail = mail(organization, user);
    commit!(store, |work| work.mails().insert(&mail, CONTENT));
    mail
}

async fn listed(store: &SeaStore, query: MailQuery) -> (Vec<MailId>, bool) {
    let page = read(store).await.mails().list(&query).await.unwrap();
    (page.items.iter().map(|mail| mail.id).collect(), page.has_more)
}

on_every_database! {
    async fn a_mail_reads_back_as_it_was_stored(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = person(&store, acme, "ana").await;
        let queued = queued(&store, acme, &ana).await;
        let mut failed = queued.clone();
        failed.claim(instant());
        failed.failed(MailFault::Deferred, instant());

        let mut work = begin(&store).await;
        assert_eq!(work.mails().find(queued.id).await.unwrap(), Some(queued.clone()));
        assert_eq!(work.mails().content(queued.id).await.unwrap().as_deref(), Some(CONTENT));
        assert!(work.mails().replace(&queued, &failed).await.unwrap());
        assert_eq!(work.mails().find(queued.id).await.unwrap(), Some(failed));
        assert_eq!(work.mails().find(id()).await.unwrap(), None);
        assert_eq!(work.mails().content(id()).await.unwrap(), None);
    }

    async fn what_a_sent_mail_said_is_wiped(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = person(&store, acme, "ana").await;
        let (sent, dead) = (queued(&store, acme, &ana).await, queued(&store, acme, &ana).await);
        let (mut gone, mut given_up) = (sent.clone(), dead.clone());
        gone.sent(instant());
        given_up.failed(MailFault::Refused, instant());
        commit!(store, |work| work.mails().replace(&sent, &gone), work.mails().replace(&dead, &given_up));

        let mut work = read(&store).await;
        assert_eq!(work.mails().content(sent.id).await.unwrap(), None);
        assert_eq!(work.mails().content(dead.id).await.unwrap().as_deref(), Some(CONTENT), "an operator may replay it");
    }

    async fn only_who_saw_a_mail_as_it_is_may_change_it(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = person(&store, acme, "ana").await;
        let seen = queued(&store, acme, &ana).await;
        let mut claimed = seen.clone();
        claimed.claim(instant());

        let mut work = begin(&store).await;
        assert!(work.mails().replace(&seen, &claimed).await.unwrap());
        assert!(!work.mails().replace(&seen, &claimed).await.unwrap(), "somebody else has it");
        let mut sent = claimed.clone();
        sent.sent(instant());
        assert!(work.mails().replace(&claimed, &sent).await.unwrap());
        assert!(!work.mails().replace(&claimed, &sent).await.unwrap(), "it is sent");
    }

    async fn what_is_due_comes_in_order_and_nothing_else_does(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = person(&store, acme, "ana").await;
        let now = instant();
        let mut mails: Vec<Mail> = (0..5).map(|_| mail(acme, &ana)).collect();
        for (mail, age) in mails.iter_mut().zip([1, 3, 2, 0, 4]) {
            mail.next_attempt_at = now.minus(Duration::from_secs(age));
        }
        mails[3].next_attempt_at = now.plus(Duration::from_micros(1));
        mails[4].status = MailStatus::Dead;
        for mail in &mails {
            commit!(store, |work| work.mails().insert(mail, CONTENT));
        }

        let mut work = read(&store).await;
        let due = work.mails().due(now, 10).await.unwrap();
        assert_eq!(due, [mails[1].clone(), mails[2].clone(), mails[0].clone()]);
        assert_eq!(work.mails().due(now, 2).await.unwrap().len(), 2);
    }

    async fn mails_are_listed_newest_first_by_organization_user_and_status(database: TestDatabase) {
        let store = database.open().await;
        let (acme, bolt) = (tenant(&store, "Acme").await.id(), tenant(&store, "Bolt").await.id());
        let (ana, ben) = (person(&store, acme, "ana").await, person(&store, acme, "ben").await);
        let first = queued(&store, acme, &ana).await;
        let second = queued(&store, acme, &ben).await;
        let third = queued(&store, bolt, &ana).await;
        let mut dead = first.clone();
        dead.failed(MailFault::Unwritable, instant());
        commit!(store, |work| work.mails().replace(&first, &dead));

        let all = MailQuery { limit: 2, ..MailQuery::default() };
        assert_eq!(listed(&store, all.clone()).await, (vec![third.id, second.id], true));
        assert_eq!(listed(&store, MailQuery { after: Some(second.id), ..all.clone() }).await, (vec![first.id], false));
        let of_acme = MailQuery { organization: Some(acme), ..all.clone() };
        assert_eq!(listed(&store, of_acme.clone()).await, (vec![second.id, first.id], false));
        assert_eq!(listed(&store, MailQuery { user: Some(ana.id), ..of_acme }).await, (vec![first.id], false));
        assert_eq!(listed(&store, MailQuery { status: Some(MailStatus::Dead), ..all }).await, (vec![first.id], false));
    }

    async fn what_is_old_is_wiped_or_deleted_unless_it_waits(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let ana = person(&store, acme, "ana").await;
        let until = instant();
        let mut stored = Vec::new();
        for status in MailStatus::ALL {
            for created_at in [until, until.plus(Duration::from_micros(1))] {
                let mail = Mail { status, created_at, ..mail(acme, &ana) };
                commit!(store, |work| work.mails().insert(&mail, CONTENT));
                stored.push(mail);
            }
        }
        let [waits, _, sent, _, dead, younger] = stored.as_slice() else { unreachable!("three times two") };

        let mut work = begin(&store).await;
        work.mails().wipe_dead(until).await.unwrap();
        assert_eq!(work.mails().content(dead.id).await.unwrap().as_deref(), Some(&[][..]));
        for kept in [waits, younger] {
            assert_eq!(work.mails().content(kept.id).await.unwrap().as_deref(), Some(CONTENT));
        }
        work.mails().forget_old(until).await.unwrap();
        for mail in &stored {
            let is_gone = [sent.id, dead.id].contains(&mail.id);
            assert_eq!(work.mails().find(mail.id).await.unwrap().is_none(), is_gone, "{mail:?}");
        }
    }

    async fn mails_go_with_their_user_and_with_their_organization(database: TestDatabase) {
        let store = database.open().await;
        let (acme, bolt) = (tenant(&store, "Acme").await.id(), tenant(&store, "Bolt").await.id());
        let (ana, ben) = (person(&store, acme, "ana").await, person(&store, acme, "ben").await);
        let hers = queued(&store, acme, &ana).await;
        let his = queued(&store, bolt, &ben).await;

        commit!(
            store,
            |work| work.users().delete_membership(acme, ana.id),
            work.users().delete(ana.id),
            work.organizations().delete(bolt)
        );

        let mut work = read(&store).await;
        assert_eq!(work.mails().find(hers.id).await.unwrap(), None);
        assert_eq!(work.mails().find(his.id).await.unwrap(), None);
    }
}
