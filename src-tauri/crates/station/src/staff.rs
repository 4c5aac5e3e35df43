//! The officers of the station: added, suspended, given another password, the keys of their slots.
//!
//! Whoever changes an account types the own password again: only that opens the data key that a new slot wraps, and a
//! desk that was left open cannot make accounts.

pub(crate) mod finger;
pub(crate) mod recovery;

use domain::ids::OperatorId;
use domain::role::{Action, Role, allowed};
use store::{Act, DataKey, OperatorRow, OperatorStatus, SlotKind, Store};

use crate::roster::Card;
use crate::session::{Desk, Door, check_password, roles_of};
use crate::settings::{core_role, view_role};
use crate::view::{self, StaffState};
use crate::visit::{iso, to_json};
use crate::{Error, News, Result, Station, held};

/// Brings the slots and the sign-in screen in line with the database, in case a cut came between them: a slot of somebody
/// who is not active is taken away, and the cards are those of the rows.
pub(crate) fn settle(door: &mut Door, store: &Store) -> Result<()> {
    let rows = store.read(|view| view.operators())?;
    if let Some(slots) = door.slots.as_mut() {
        for slot in slots.list() {
            let SlotKind::Operator(id) = &slot.kind else { continue };
            if !rows.iter().any(|row| &row.id == id && row.status == OperatorStatus::Active) {
                slots.revoke(&slot.kind)?;
            }
        }
    }
    for row in &rows {
        let (roles, suspended) = (roles_of(row)?, row.status != OperatorStatus::Active);
        match door.roster.cards.iter_mut().find(|card| card.id == row.id) {
            Some(card) => {
                (card.name, card.roles, card.suspended) = (row.name.clone(), roles, suspended);
            }
            None => door.roster.cards.push(Card {
                id: row.id.clone(),
                name: row.name.clone(),
                roles,
                last_sign_in: None,
                suspended,
            }),
        }
    }
    Ok(())
}

impl Station {
    /// After a word of the centre: whoever it revoked loses the slot at once, and the session of that person ends at the
    /// next act.
    ///
    /// # Errors
    /// `Store`, `File`.
    pub(crate) fn follow_revocations(&self) -> Result<()> {
        let mut door = held(&self.door);
        let Some(open) = door.open.as_mut() else { return Ok(()) };
        let store = std::sync::Arc::clone(&open.store);
        let row = store.read(|view| view.operator(&open.session.operator))?;
        let now = row.is_some_and(|row| row.status != OperatorStatus::Active);
        open.revoked |= now;
        let known = |door: &Door| door.roster.cards.iter().filter(|card| card.suspended).count();
        let before = known(&door);
        settle(&mut door, &store)?;
        if known(&door) != before {
            door.roster.write(&self.dir)?;
        }
        if now {
            tracing::warn!("the centre revoked the officer who is signed in");
            self.news.tell(News::Station);
            self.news.tell(News::Queue);
        }
        Ok(())
    }
}

/// Whether a supervisor who may sign in would be left once `changed` had these roles and this status.
fn leaves_a_supervisor(
    rows: &[OperatorRow],
    changed: &OperatorId,
    roles: &[Role],
    status: OperatorStatus,
) -> Result<bool> {
    for row in rows {
        let (status, roles) =
            if &row.id == changed { (status, roles.to_vec()) } else { (row.status, roles_of(row)?) };
        if status == OperatorStatus::Active && allowed(&roles, Action::ManageOperators) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The words of the roles for the register line.
fn role_words(roles: &[Role]) -> String {
    let word = |role: &Role| serde_json::to_value(role).ok().and_then(|v| v.as_str().map(str::to_owned));
    roles.iter().filter_map(word).collect::<Vec<_>>().join("+")
}

/// An account that nobody has yet: the first word of the name, with a number when it is taken.
fn free_account(name: &str, rows: &[OperatorRow]) -> Result<OperatorId> {
    let plain = crate::setup::account_of(name).ok_or(Error::Invalid { what: "name" })?;
    let taken = |id: &OperatorId| rows.iter().any(|row| &row.id == id);
    if !taken(&plain) {
        return Ok(plain);
    }
    (2..=999)
        .filter_map(|n| OperatorId::parse(&format!("{plain}{n}")).ok())
        .find(|id| !taken(id))
        .ok_or(Error::Invalid { what: "name" })
}

fn parse(id: &str) -> Result<OperatorId> {
    OperatorId::parse(id).map_err(|_| Error::Invalid { what: "operator" })
}

impl Station {
    /// The officers and the recovery slots; an officer who may not keep them sees the own line only.
    ///
    /// # Errors
    /// `Locked`, `Store`.
    pub fn staff(&self) -> Result<view::Staff> {
        let desk = self.desk(Action::ReadQueue)?;
        self.staff_view(&desk)
    }

    fn staff_view(&self, desk: &Desk) -> Result<view::Staff> {
        let can_manage = allowed(&desk.session.roles, Action::ManageOperators);
        let rows = desk.store.read(|view| view.operators())?;
        let keepers = recovery::keepers(&desk.store)?;
        let door = held(&self.door);
        let list = door.slots.as_ref().map(store::KeySlots::list).unwrap_or_default();
        let mut officers = Vec::new();
        for row in rows {
            let me = row.id == desk.session.operator;
            if !me && !can_manage {
                continue;
            }
            let card = door.roster.cards.iter().find(|card| card.id == row.id);
            let initials =
                row.name.split(' ').filter_map(|word| word.chars().next()).take(2).collect::<String>();
            officers.push(view::Officer {
                slot: list.iter().any(|slot| slot.kind == SlotKind::Operator(row.id.clone())),
                id: row.id.to_string(),
                initials: initials.to_uppercase(),
                roles: roles_of(&row)?.into_iter().map(view_role).collect(),
                state: match row.status {
                    OperatorStatus::Active => StaffState::Active,
                    OperatorStatus::Suspended => StaffState::Suspended,
                    OperatorStatus::Revoked => StaffState::Revoked,
                },
                last_sign_in: card.and_then(|card| card.last_sign_in).map(iso),
                finger: !row.finger.is_empty(),
                name: row.name,
                me,
            });
        }
        officers.sort_by(|a, b| (a.state, &a.name, &a.id).cmp(&(b.state, &b.name, &b.id)));
        let slots = if can_manage { recovery::views(&list, &keepers) } else { Vec::new() };
        Ok(view::Staff {
            officers,
            slots,
            can_manage,
            scanner: !self.config.devices.finger_verifier_port.is_empty(),
        })
    }

    /// The data key, on the own password of whoever is signed in. A wrong one is counted.
    fn own_key(&self, desk: &Desk, password: &str) -> Result<DataKey> {
        let mut door = held(&self.door);
        let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
        Ok(slots.unlock(&desk.session.operator, password, desk.now)?)
    }

    /// Does something to the key slots.
    fn with_slots<T>(&self, work: impl FnOnce(&mut store::KeySlots) -> store::Result<T>) -> Result<T> {
        let mut door = held(&self.door);
        let slots = door.slots.as_mut().ok_or(Error::NotFound { what: "station" })?;
        Ok(work(slots)?)
    }

    /// After a change: slots and sign-in screen follow the database, and the page is read anew.
    fn staff_changed(&self, desk: &Desk) -> Result<view::Staff> {
        {
            let mut door = held(&self.door);
            settle(&mut door, &desk.store)?;
            door.roster.write(&self.dir)?;
        }
        self.news.tell(News::Station);
        self.staff_view(desk)
    }

    /// Another officer, never the own account: roles and suspension are for somebody else to decide.
    fn other_officer(&self, desk: &Desk, id: &str) -> Result<(OperatorRow, Vec<OperatorRow>)> {
        let id = parse(id)?;
        if id == desk.session.operator {
            return Err(Error::not_now("own_account"));
        }
        let rows = desk.store.read(|view| view.operators())?;
        let row =
            rows.iter().find(|row| row.id == id).cloned().ok_or(Error::NotFound { what: "operator" })?;
        if row.status == OperatorStatus::Revoked {
            return Err(Error::not_now("officer_revoked"));
        }
        Ok((row, rows))
    }

    /// Adds an officer with roles and a first password. The centre certifies the person in the next exchange.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` name or no roles, `WeakPassword`, `WrongPassword` and `TooEarly` for the own
    /// password, `Store`.
    pub fn add_officer(
        &self,
        name: &str,
        roles: &[view::Role],
        new_password: &str,
        own_password: &str,
    ) -> Result<view::Staff> {
        let desk = self.desk(Action::ManageOperators)?;
        let name = name.trim();
        let roles = chosen(roles)?;
        let rows = desk.store.read(|view| view.operators())?;
        let id = free_account(name, &rows)?;
        check_password(new_password)?;
        let key = self.own_key(&desk, own_password)?;
        let json = to_json("roles", &roles)?;
        // The slot first: a row without one would be somebody who cannot come in and a slot without a row opens nothing.
        self.with_slots(|slots| slots.add_operator(&key, &id, new_password, desk.now))?;
        let change = format!("added {}", role_words(&roles));
        let act = Act::OperatorAccount { operator: id.clone(), change };
        if let Err(error) = desk.transact(act, |tx| tx.put_operator(&id, name, &json, OperatorStatus::Active))
        {
            self.with_slots(|slots| slots.revoke(&SlotKind::Operator(id.clone())))?;
            return Err(error);
        }
        self.staff_changed(&desk)
    }

    /// Gives another officer other roles.
    ///
    /// # Errors
    /// As [`Self::add_officer`]; `NotNow` for the own account, a revoked one, or when no supervisor would be left.
    pub fn change_roles(&self, id: &str, roles: &[view::Role], own_password: &str) -> Result<view::Staff> {
        let desk = self.desk(Action::ManageOperators)?;
        let (row, rows) = self.other_officer(&desk, id)?;
        let roles = chosen(roles)?;
        if !leaves_a_supervisor(&rows, &row.id, &roles, row.status)? {
            return Err(Error::not_now("last_supervisor"));
        }
        self.own_key(&desk, own_password)?;
        let json = to_json("roles", &roles)?;
        let change = format!("roles {}", role_words(&roles));
        let act = Act::OperatorAccount { operator: row.id.clone(), change };
        desk.transact(act, |tx| tx.put_operator(&row.id, &row.name, &json, row.status))?;
        self.staff_changed(&desk)
    }

    /// Suspends another officer: the slot is taken away, so that the password opens nothing from now on.
    ///
    /// # Errors
    /// As [`Self::change_roles`]; `NotNow` when already suspended.
    pub fn suspend_officer(&self, id: &str, own_password: &str) -> Result<view::Staff> {
        let desk = self.desk(Action::ManageOperators)?;
        let (row, rows) = self.other_officer(&desk, id)?;
        if row.status != OperatorStatus::Active {
            return Err(Error::not_now("officer_suspended_already"));
        }
        if !leaves_a_supervisor(&rows, &row.id, &roles_of(&row)?, OperatorStatus::Suspended)? {
            return Err(Error::not_now("last_supervisor"));
        }
        self.own_key(&desk, own_password)?;
        let act = Act::OperatorAccount { operator: row.id.clone(), change: "suspended".into() };
        desk.transact(act, |tx| {
            tx.put_operator(&row.id, &row.name, &row.roles_json, OperatorStatus::Suspended)
        })?;
        // Takes the slot away; after a cut here the next sign-in does, and until then the status refuses.
        self.staff_changed(&desk)
    }

    /// Takes a suspended officer back with a new password, or gives one to an officer whose slot is missing.
    ///
    /// # Errors
    /// As [`Self::add_officer`]; `NotNow` for the own account, a revoked one, or one that is active already.
    pub fn reinstate_officer(&self, id: &str, new_password: &str, own_password: &str) -> Result<view::Staff> {
        let desk = self.desk(Action::ManageOperators)?;
        let (row, _) = self.other_officer(&desk, id)?;
        check_password(new_password)?;
        let kind = SlotKind::Operator(row.id.clone());
        let slot = self.with_slots(|slots| Ok(slots.list().iter().any(|slot| slot.kind == kind)))?;
        if row.status == OperatorStatus::Active && slot {
            return Err(Error::not_now("officer_active_already"));
        }
        let key = self.own_key(&desk, own_password)?;
        self.with_slots(|slots| {
            if slot {
                slots.revoke(&kind)?;
            }
            slots.add_operator(&key, &row.id, new_password, desk.now)
        })?;
        let act = Act::OperatorAccount { operator: row.id.clone(), change: "reinstated".into() };
        let done = desk
            .transact(act, |tx| tx.put_operator(&row.id, &row.name, &row.roles_json, OperatorStatus::Active));
        if let Err(error) = done {
            self.with_slots(|slots| slots.revoke(&kind))?;
            return Err(error);
        }
        self.staff_changed(&desk)
    }

    /// Changes the own password.
    ///
    /// # Errors
    /// `Locked`, `WeakPassword` (also when it is the old one), `WrongPassword` and `TooEarly` for the old one, `Store`.
    pub fn change_own_password(&self, old: &str, new: &str) -> Result<view::Staff> {
        let desk = self.desk(Action::ReadQueue)?;
        check_password(new)?;
        if old == new {
            return Err(Error::WeakPassword { why: "old" });
        }
        let key = self.own_key(&desk, old)?;
        let me = desk.session.operator.clone();
        // The line first, so that no password changes without one.
        let change = "own_password".to_owned();
        desk.transact(Act::OperatorAccount { operator: me.clone(), change }, |_| Ok(()))?;
        self.with_slots(|slots| slots.change_password(&key, &me, new, desk.now))?;
        self.staff_view(&desk)
    }
}

/// Roles without repetition in the order of the desk; at least one.
fn chosen(roles: &[view::Role]) -> Result<Vec<Role>> {
    let mut roles: Vec<Role> = roles.iter().copied().map(core_role).collect();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { Err(Error::Invalid { what: "roles" }) } else { Ok(roles) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails loudly")]

    use super::*;

    fn row(id: &str, roles: &[Role], status: OperatorStatus) -> OperatorRow {
        OperatorRow {
            id: OperatorId::parse(id).unwrap(),
            name: "Petugas Uji".into(),
            roles_json: serde_json::to_string(roles).unwrap(),
            status,
            finger: Vec::new(),
            updated_ms: 0,
        }
    }

    #[test]
    fn the_last_supervisor_who_can_sign_in_is_never_taken_away() {
        let rows = [
            row("hendra", &[Role::Supervisor], OperatorStatus::Active),
            row("lama", &[Role::Supervisor], OperatorStatus::Suspended),
            row("dewi", &[Role::Operator], OperatorStatus::Active),
        ];
        let left = |id: &str, roles: &[Role], status| {
            leaves_a_supervisor(&rows, &OperatorId::parse(id).unwrap(), roles, status).unwrap()
        };
        assert!(!left("hendra", &[Role::Operator], OperatorStatus::Active), "a suspended one does not count");
        assert!(!left("hendra", &[Role::Supervisor], OperatorStatus::Suspended), "nor oneself suspended");
        assert!(left("dewi", &[Role::Operator], OperatorStatus::Suspended), "others may go");
    }

    #[test]
    fn the_second_person_of_a_name_gets_an_account_with_a_number() {
        let rows = [row("dewi", &[Role::Operator], OperatorStatus::Revoked)];
        assert_eq!(free_account("Dewi Lestari", &rows).unwrap().as_str(), "dewi2", "old accounts stay taken");
        assert_eq!(free_account("Budi", &rows).unwrap().as_str(), "budi");
        assert!(free_account("  ", &rows).is_err(), "nobody");
    }

    #[test]
    fn the_window_has_words_for_every_refusal_of_this_page_in_both_languages() {
        for key in [
            "own_account",
            "officer_revoked",
            "officer_suspended_already",
            "officer_active_already",
            "last_supervisor",
            "session_revoked",
            "weak_password_old",
            "staff_finger_poor",
            "staff_finger_other",
            "staff_finger_same_picture",
            "staff_finger_first",
            "recovery_wrong",
            "recovery_none",
            "recovery_supervisor",
            "recovery_open",
            "district_file",
            "district_wrong",
        ] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}
