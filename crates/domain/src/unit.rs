use crate::{Label, OrganizationId, Timestamp, UnitId, Version};

/// How deep a tree may be, counting the root as 1. Every check walks at most this far.
pub const MAX_UNIT_DEPTH: u32 = 32;

/// A place in an organization's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Names it.
    pub id: UnitId,
    /// The organization.
    pub organization: OrganizationId,
    /// The unit above; `None` for the root.
    pub parent: Option<UnitId>,
    /// Unique among its siblings.
    pub name: Label,
    /// What it stands for.
    pub kind: UnitKind,
    /// 1 for the root.
    pub depth: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Of name, kind and place.
    pub version: Version,
}

/// What a unit stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// A part of the organization.
    Unit,
    /// A project.
    Project,
    /// A node.
    Node,
}

impl UnitKind {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Project => "project",
            Self::Node => "node",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Unit, Self::Project, Self::Node].into_iter().find(|kind| kind.as_str() == text)
    }
}
