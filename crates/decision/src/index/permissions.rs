use imbl::Vector;
use varco_domain::{CatalogKey, PermissionKey};

use super::interned::Interned;
use crate::structure::Bits;

/// What the catalogs offer; the same for all organizations.
#[derive(Clone, Default)]
pub(super) struct Permissions {
    catalogs: Interned<CatalogKey>,
    keys: Interned<PermissionKey>,
    /// By the number of the permission.
    homes: Vector<Home>,
    /// By the number of the catalog; `None` if it was only named.
    offers: Vector<Option<Bits>>,
}

#[derive(Clone, Copy)]
struct Home {
    catalog: u32,
    is_offered: bool,
}

impl Permissions {
    /// Replaces what a catalog offers.
    pub(super) fn offer(&mut self, key: &CatalogKey, permissions: &[PermissionKey]) {
        let catalog = self.catalog(key);
        let own = permissions.iter().filter(|permission| permission.catalog() == key.as_str());
        let new: Bits = own.map(|permission| self.number(permission)).collect();
        let Some(offer) = self.offers.get_mut(catalog as usize) else { return };
        let old = offer.replace(new.clone()).unwrap_or_default();
        for (numbers, is_offered) in [(old, false), (new, true)] {
            for number in numbers.iter() {
                self.homes[number as usize].is_offered = is_offered;
            }
        }
    }

    /// The number of a catalog, which need not exist yet.
    pub(super) fn catalog(&mut self, key: &CatalogKey) -> u32 {
        let number = self.catalogs.intern(key);
        if self.offers.len() <= number as usize {
            self.offers.push_back(None);
        }
        number
    }

    /// The number of a permission, which no catalog need offer yet.
    pub(super) fn number(&mut self, key: &PermissionKey) -> u32 {
        let number = self.keys.intern(key);
        if self.homes.len() <= number as usize
            && let Some(catalog) = CatalogKey::parse(key.catalog())
        {
            let catalog = self.catalog(&catalog);
            self.homes.push_back(Home { catalog, is_offered: false });
        }
        number
    }

    /// The number of a permission that a catalog among these offers.
    pub(super) fn find(&self, key: &str, subscribed: &Bits) -> Option<u32> {
        self.keys.number(key).filter(|number| self.is_usable(*number, subscribed))
    }

    pub(super) fn is_usable(&self, number: u32, subscribed: &Bits) -> bool {
        let home = self.homes.get(number as usize);
        home.is_some_and(|home| home.is_offered && subscribed.contains(home.catalog))
    }

    pub(super) fn key(&self, number: u32) -> &PermissionKey {
        self.keys.key(number)
    }

    pub(super) fn catalog_key(&self, number: u32) -> &CatalogKey {
        self.catalogs.key(number)
    }

    /// Sorted keys of these permissions.
    pub(super) fn sorted_keys(&self, numbers: impl Iterator<Item = u32>) -> Vec<PermissionKey> {
        let mut keys: Vec<_> = numbers.map(|number| self.key(number).clone()).collect();
        keys.sort();
        keys
    }

    /// Every catalog with what it offers.
    pub(super) fn offers(&self) -> impl Iterator<Item = (&CatalogKey, &Bits)> {
        let offers = (0..).zip(&self.offers);
        offers.filter_map(|(catalog, offer)| offer.as_ref().map(|offer| (self.catalog_key(catalog), offer)))
    }
}
