use varco_application::storage::{MemberFilter, MemberOrder, MemberQuery, StorageError, UniqueKey};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn by_username(after: Option<Username>, limit: usize) -> MemberQuery {
    MemberQuery { filter: MemberFilter::default(), order: MemberOrder::Username { after }, limit }
}

fn by_creation(after: Option<UserId>, limit: usize) -> MemberQuery {
    MemberQuery { filter: MemberFilter::default(), order: MemberOrder::Created { after }, limit }
}

async fn filtered(store: &SeaStore, organization: OrganizationId, filter: MemberFilter) -> Vec<String> {
    let mut work = read(store).await;
    let count = work.users().count(organization, &filter).await.unwrap();
    let query = MemberQuery { filter, ..by_username(None, 100) };
    let page = work.users().list(organization, &query).await.unwrap();
    assert_eq!(count, page.items.len() as u64);
    page.items.iter().map(|member| member.user.username.to_string()).collect()
}

on_every_database! {
    async fn a_member_is_seen_in_its_organizations_alone(database: TestDatabase) {
        let store = database.open().await;
        let (home, other, third) =
            (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id(), tenant(&store, "Third").await.id());
        let ana = member(&store, home, "ana").await;
        let guest = Membership {
            access: Access { app: false, back_office: BackOfficeLevel::Admin },
            ..membership(other, &ana.user)
        };
        commit!(store, |work| work.users().insert_membership(&guest));

        let mut work = read(&store).await;
        assert_eq!(work.users().find(home, ana.user.id).await.unwrap(), Some(ana.clone()));
        let seen = Member { user: ana.user.clone(), membership: guest };
        assert_eq!(work.users().find(other, ana.user.id).await.unwrap(), Some(seen));
        assert_eq!(work.users().find(third, ana.user.id).await.unwrap(), None);
        let among = work.users().members_among(third, &[ana.user.id]).await.unwrap();
        assert!(among.is_empty(), "{among:?}");
        let found = work.users().find_by_email(&Email::parse("ANA@Example.ORG").unwrap()).await.unwrap();
        assert_eq!(found, Some(ana.user));
    }

    async fn a_username_is_taken_once(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        member(&store, home, "ana").await;
        let same = User { email: Email::parse("other@example.org").unwrap(), ..user(home, "ANA") };

        let mut work = begin(&store).await;
        let refused = work.users().insert(&same).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::Username))), "{refused:?}");
    }

    async fn an_email_is_taken_once_whatever_its_case(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        member(&store, home, "ana").await;
        let same = User { email: Email::parse("Ana@EXAMPLE.org").unwrap(), ..user(home, "bea") };

        let mut work = begin(&store).await;
        let refused = work.users().insert(&same).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::Email))), "{refused:?}");
    }

    async fn a_membership_is_there_once(database: TestDatabase) {
        let store = database.open().await;
        let ana = member(&store, tenant(&store, "Home").await.id(), "ana").await;

        let mut work = begin(&store).await;
        let refused = work.users().insert_membership(&ana.membership).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::Membership))), "{refused:?}");
    }

    async fn a_membership_needs_an_account(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();

        let mut work = begin(&store).await;
        let refused = work.users().insert_membership(&membership(home, &user(home, "nobody"))).await;
        assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
    }

    async fn an_update_of_an_old_account_is_stale(database: TestDatabase) {
        let store = database.open().await;
        let Member { user: mut ana, membership } = member(&store, tenant(&store, "Home").await.id(), "ana").await;
        let mut stale = ana.clone();
        ana.profile.last_name = label("Bianchi");
        ana.profile.language = Language::parse("it").unwrap();
        ana.suspend().unwrap();
        commit!(store, |work| work.users().update(&mut ana));
        assert_eq!(ana.version, Version::FIRST.next());

        let mut work = begin(&store).await;
        let refused = work.users().update(&mut stale).await;
        assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
        assert_eq!(stale.version, Version::FIRST);
        drop(work);
        let stored = read(&store).await.users().find(ana.home, ana.id).await.unwrap();
        assert_eq!(stored, Some(Member { user: ana, membership }));
    }

    async fn a_deleted_account_frees_its_names(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        let ana = member(&store, home, "ana").await.user;
        commit!(store, |work| work.users().delete_membership(home, ana.id), work.users().delete(ana.id));

        let mut work = read(&store).await;
        assert_eq!(work.users().find_by_email(&ana.email).await.unwrap(), None);
        drop(work);
        member(&store, home, "ana").await;
    }

    async fn an_account_with_memberships_stays(database: TestDatabase) {
        let store = database.open().await;
        let ana = member(&store, tenant(&store, "Home").await.id(), "ana").await.user;

        let mut work = begin(&store).await;
        let refused = work.users().delete(ana.id).await;
        assert!(matches!(refused, Err(StorageError::Contention)), "{refused:?}");
    }

    async fn access_is_stored_and_counted(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        let mut ana = member(&store, home, "ana").await.membership;
        let mut bea = member(&store, home, "bea").await;
        ana.access = Access { app: false, back_office: BackOfficeLevel::Admin };
        bea.membership.access.back_office = BackOfficeLevel::Admin;
        bea.user.suspend().unwrap();
        commit!(store, |work| work.users().update_membership(&ana),
            work.users().update_membership(&bea.membership), work.users().update(&mut bea.user));

        let mut work = read(&store).await;
        assert_eq!(work.users().find(home, ana.user).await.unwrap().unwrap().membership, ana);
        assert_eq!(work.users().count_active_admins(home, None).await.unwrap(), 1);
    }

    async fn members_are_filtered_by_status_kind_and_seat(database: TestDatabase) {
        let store = database.open().await;
        let (home, other) = (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id());
        member(&store, home, "ana").await;
        join(&store, User { status: UserStatus::Invited, ..user(home, "bea") }).await;
        let guest = member(&store, other, "guest").await.user;
        let access = Access { app: false, back_office: BackOfficeLevel::Standard };
        let visit = Membership { access, ..membership(home, &guest) };
        commit!(store, |work| work.users().insert_membership(&visit));

        let all = MemberFilter::default();
        assert_eq!(filtered(&store, home, all.clone()).await, ["ana", "bea", "guest"]);
        let invited = MemberFilter { status: Some(UserStatus::Invited), ..all.clone() };
        assert_eq!(filtered(&store, home, invited).await, ["bea"]);
        let external = MemberFilter { kind: Some(MembershipKind::External), ..all.clone() };
        assert_eq!(filtered(&store, home, external).await, ["guest"]);
        let app = MemberFilter { seat: Some(SeatPool::App), ..all.clone() };
        assert_eq!(filtered(&store, home, app).await, ["ana", "bea"]);
        let back_office = MemberFilter { seat: Some(SeatPool::BackOffice), ..all };
        assert_eq!(filtered(&store, home, back_office).await, ["guest"]);
    }

    async fn a_walk_by_username_meets_everyone_once_while_others_join(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        for name in ["m.x", "m-x", "m_x", "mxx", "m0x", "a11", "z99"] {
            member(&store, home, name).await;
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = read(&store).await.users().list(home, &by_username(after, 2)).await.unwrap();
            seen.extend(page.items.iter().map(|member| member.user.username.to_string()));
            after = page.items.last().map(|member| member.user.username.clone());
            // One before and one after where the walk stands.
            member(&store, home, &format!("aa{}", count())).await;
            if !page.has_more {
                break;
            }
            if seen.len() < 5 {
                member(&store, home, &format!("zz{}", count())).await;
            }
        }
        let old: Vec<&String> = seen.iter().filter(|name| !name.starts_with("zz")).collect();
        assert_eq!(old, ["a11", "m-x", "m.x", "m0x", "m_x", "mxx", "z99"], "in the order of bytes");
        assert_eq!(seen.len(), 9, "those who joined ahead of the walk are met: {seen:?}");
    }

    async fn a_walk_by_creation_meets_everyone_in_order(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        let mut joined = Vec::new();
        for name in ["zoe", "ana", "mia"] {
            joined.push(member(&store, home, name).await.user.id);
        }
        let mut work = read(&store).await;

        let first = work.users().list(home, &by_creation(None, 2)).await.unwrap();
        let rest = work.users().list(home, &by_creation(Some(joined[1]), 2)).await.unwrap();
        assert!(first.has_more && !rest.has_more);
        let met: Vec<_> = first.items.iter().chain(&rest.items).map(|member| member.user.id).collect();
        assert_eq!(met, joined);
    }

    async fn memberships_of_an_account_are_listed_by_organization(database: TestDatabase) {
        let store = database.open().await;
        let mut organizations = Vec::new();
        for name in ["one", "two", "three"] {
            organizations.push(tenant(&store, name).await.id());
        }
        let ana = member(&store, organizations[1], "ana").await.user;
        commit!(store, |work| work.users().insert_membership(&membership(organizations[2], &ana)),
            work.users().insert_membership(&membership(organizations[0], &ana)));
        let mut work = read(&store).await;

        let first = work.users().list_memberships(ana.id, None, 2).await.unwrap();
        let rest = work.users().list_memberships(ana.id, Some(organizations[1]), 2).await.unwrap();
        assert!(first.has_more && !rest.has_more);
        let listed: Vec<_> = first.items.iter().chain(&rest.items).map(|tie| tie.organization).collect();
        assert_eq!(listed, organizations);
    }

    async fn every_detail_of_a_person_reads_back(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        let mut ana = join(&store, User { status: UserStatus::Contact, ..user(home, "ana") }).await.user;
        ana.profile.details = details();
        (ana.activated_at, ana.status) = (None, UserStatus::Invited);
        commit!(store, |work| work.users().update(&mut ana));
        assert_eq!(read(&store).await.users().find_account(ana.id).await.unwrap(), Some(ana.clone()));

        ana.profile.details = PersonalDetails::default();
        ana.activated_at = Some(instant());
        commit!(store, |work| work.users().update(&mut ana));
        assert_eq!(read(&store).await.users().find_account(ana.id).await.unwrap(), Some(ana.clone()));

        let whole = User { profile: Profile { details: details(), ..ana.profile }, ..user(home, "bea") };
        let stored = join(&store, whole).await.user;
        assert_eq!(read(&store).await.users().find_account(stored.id).await.unwrap(), Some(stored));
    }

    async fn the_latest_sign_in_is_kept_and_no_update_loses_it(database: TestDatabase) {
        let store = database.open().await;
        let mut ana = member(&store, tenant(&store, "Home").await.id(), "ana").await.user;
        let (early, late) = (instant(), instant());
        for at in [late, early] {
            commit!(store, |work| work.users().note_sign_in(ana.id, at));
        }
        commit!(store, |work| work.users().update(&mut ana));

        let stored = read(&store).await.users().find_account(ana.id).await.unwrap().unwrap();
        assert_eq!((stored.last_sign_in_at, stored.version), (Some(late), ana.version));
    }

    async fn mail_and_end_of_a_membership_are_stored(database: TestDatabase) {
        let store = database.open().await;
        let (home, other) = (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id());
        let ana = member(&store, home, "ana").await.user;
        let mut visit = Membership { expires_at: Some(instant()), mail: MailPreferences::default(), ..membership(other, &ana) };
        commit!(store, |work| work.users().insert_membership(&visit));
        for category in MailCategory::ALL {
            assert_eq!(read(&store).await.users().find(other, ana.id).await.unwrap().unwrap().membership, visit);
            let wanting = MemberFilter { mail: Some(category), ..MemberFilter::default() };
            assert_eq!(filtered(&store, other, wanting.clone()).await, [""; 0], "{category:?}");
            visit.mail.set(category, true);
            visit.expires_at = Some(instant());
            commit!(store, |work| work.users().update_membership(&visit));
            assert_eq!(filtered(&store, other, wanting).await, ["ana"], "{category:?}");
        }
        visit.expires_at = None;
        commit!(store, |work| work.users().update_membership(&visit));
        assert_eq!(read(&store).await.users().find(other, ana.id).await.unwrap().unwrap().membership, visit);
    }

    async fn what_has_ended_is_given_oldest_first_and_left_out_of_lists(database: TestDatabase) {
        let store = database.open().await;
        let (home, other) = (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id());
        let ends: Vec<_> = (0..4).map(|_| instant()).collect();
        for (name, end) in [("c", Some(ends[2])), ("a", Some(ends[0])), ("d", None), ("b", Some(ends[1]))] {
            let user = member(&store, home, &name.repeat(3)).await.user;
            let visit = Membership { expires_at: end, ..membership(other, &user) };
            commit!(store, |work| work.users().insert_membership(&visit));
        }
        let now = ends[1];
        let counting = MemberFilter { counts_at: Some(now), ..MemberFilter::default() };
        assert_eq!(filtered(&store, other, counting).await, ["ccc", "ddd"], "the end itself is outside");

        let mut work = read(&store).await;
        let first = work.users().expired(now, 1).await.unwrap();
        assert!(first.has_more);
        let all = work.users().expired(now, 9).await.unwrap();
        let found: Vec<_> = all.items.iter().map(|tie| (tie.organization, tie.expires_at)).collect();
        assert_eq!((first.items[0].expires_at, all.has_more), (Some(ends[0]), false));
        assert_eq!(found, [(other, Some(ends[0])), (other, Some(ends[1]))]);
        assert_eq!(work.users().expired(Timestamp::EPOCH, 9).await.unwrap().items, []);
    }

    async fn an_admin_counts_as_long_as_its_membership(database: TestDatabase) {
        let store = database.open().await;
        let (home, other) = (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id());
        let (end, access) = (instant(), Access { app: false, back_office: BackOfficeLevel::Admin });
        for (name, expires_at) in [("ana", None), ("bea", Some(end))] {
            let user = member(&store, home, name).await.user;
            let visit = Membership { access, expires_at, ..membership(other, &user) };
            commit!(store, |work| work.users().insert_membership(&visit));
        }
        let mut work = read(&store).await;

        let before = end.minus(std::time::Duration::from_micros(1));
        assert_eq!(work.users().count_active_admins(other, Some(before)).await.unwrap(), 2);
        assert_eq!(work.users().count_active_admins(other, Some(end)).await.unwrap(), 1);
        assert_eq!(work.users().count_active_admins(other, None).await.unwrap(), 1);
    }

    async fn dormant_are_accounts_of_the_organization_without_a_recent_sign_in(database: TestDatabase) {
        let store = database.open().await;
        let (home, other) = (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id());
        let signed_in = |name: &str, at| User { last_sign_in_at: at, ..user(home, name) };
        let ana = join(&store, signed_in("ana", None)).await.user;
        commit!(store, |work| work.users().insert_membership(&membership(other, &ana)));
        join(&store, User { status: UserStatus::Contact, ..user(home, "contact") }).await;
        let since = instant();
        join(&store, signed_in("bea", Some(since.minus(HOUR)))).await;
        join(&store, signed_in("cleo", Some(since))).await;
        join(&store, signed_in("new", None)).await;

        let dormant = MemberFilter { dormant_since: Some(since), ..MemberFilter::default() };
        assert_eq!(filtered(&store, home, dormant.clone()).await, ["ana", "bea"]);
        assert_eq!(filtered(&store, other, dormant).await, [""; 0]);
    }

    async fn memberships_come_with_the_names_of_their_organizations(database: TestDatabase) {
        let store = database.open().await;
        let (home, other, past) =
            (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id(), tenant(&store, "Past").await.id());
        let ana = member(&store, home, "ana").await.user;
        let now = instant();
        let over = Membership { expires_at: Some(now), ..membership(past, &ana) };
        commit!(store, |work| work.users().insert_membership(&membership(other, &ana)),
            work.users().insert_membership(&over));

        let page = read(&store).await.users().list_named_memberships(ana.id, now, None, 9).await.unwrap();
        let listed: Vec<_> =
            page.items.iter().map(|it| (it.membership.organization, it.organization_name.as_str())).collect();
        assert_eq!(listed, [(home, "Home"), (other, "Other")]);
        let rest = read(&store).await.users().list_named_memberships(ana.id, now, Some(home), 1).await.unwrap();
        assert_eq!((rest.items.len(), rest.has_more), (1, false));
    }
}

/// Every detail that an account can have of its person.
fn details() -> PersonalDetails {
    PersonalDetails {
        gender: Some(Gender::Other),
        birth_date: BirthDate::parse("1984-02-29").ok(),
        mobile_phone: Phone::parse("+39 347 1234567").ok(),
        phone: Phone::parse("112").ok(),
        company: Some(label("Aurora S.p.A.")),
        address_line1: Some(label("Via Roma 1")),
        address_line2: Some(label("Scala B")),
        city: Some(label("Forl\u{ec}")),
        province: Some(label("FC")),
        postal_code: Some(label("47121")),
        time_zone: TimeZone::parse("Europe/Rome").ok(),
    }
}
