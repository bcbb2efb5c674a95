//! What clients ask, and what they are answered.

use raft_core::Time;

use super::super::fact::Fact;
use super::{Judge, Taken};
use crate::linearizability::OperationKind;
use crate::plain::not;
use crate::store::Wanted;

impl Judge {
    pub(super) fn client(&mut self, line: u64, now: Time, fact: Fact) -> Taken {
        let (Fact::Ask { which, .. } | Fact::Answer(which, _) | Fact::GiveUp(which)) = fact else { return Ok(()) };
        let (client, sequence) = which;
        let latest = self.clients.get(&client).copied();
        let asks = matches!(fact, Fact::Ask { .. });
        let is_in_order = if asks { latest.is_none_or(|latest| sequence > latest) } else { latest >= Some(sequence) };
        if !is_in_order {
            let expected = match (asks, latest) {
                (true, Some(latest)) => format!("a number above {latest}, the client's latest"),
                _ => "the number of something that the client has asked for".to_owned(),
            };
            return Err(not("sequence", sequence, &expected));
        }
        if !self.judges() {
            return Ok(());
        }
        let check = match &fact {
            Fact::Ask { kind, key, value, .. } => {
                self.clients.insert(client, sequence);
                self.asked.insert(which, line);
                let text = value.as_deref().unwrap_or_default();
                let wanted = match kind {
                    OperationKind::Write => Wanted::Write(key, text),
                    OperationKind::Append => Wanted::Append(key, text),
                    OperationKind::Read => Wanted::Read(key),
                };
                self.history.asked(now, which, wanted);
                Ok(())
            }
            Fact::Answer(_, value) => self.history.answered(now, which, value.clone()),
            _ => {
                self.history.ended(now, which);
                Ok(())
            }
        };
        self.look(line, check);
        Ok(())
    }
}
