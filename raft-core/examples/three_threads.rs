//! Three servers that drive raft-core for real: a thread each, channels for a network, files for disks.
//! `cargo run -p raft-core --example three_threads -- DIRECTORY x=1 y=2` elects a leader, sends it the commands and ends when
//! all three servers have applied them. Kill it at any moment and run it again with the same directory: the servers go on from
//! what their disks hold, and whatever was committed is there.
use raft_core::{
    Command, Configuration, Durable, Effect, Effects, Entries, Index, Input, LogWrite, Options, Payload, Save,
    SaveNumber, Server, ServerId, Term, Time,
};
use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, UNIX_EPOCH};

type Failure = Box<dyn std::error::Error + Send + Sync>;
const IDS: [ServerId; 3] = [ServerId(1), ServerId(2), ServerId(3)];

/// A disk is a file with a line for each save: term, vote (0: none), where the log changes (0: nowhere), the term of the
/// entries from there on, and these (empty: a no-op). A real one would have checksums, and begin anew with each snapshot.
fn open(path: &str) -> Result<(File, Durable), Failure> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let (mut bytes, mut durable) = (Vec::new(), Durable::default());
    file.read_to_end(&mut bytes)?;
    // A line without its end was being written when the program died, and was never reported as saved: it goes as a whole.
    bytes.truncate(bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1));
    file.set_len(bytes.len() as u64)?;
    for line in std::str::from_utf8(&bytes)?.lines() {
        durable.write(&parsed(line).ok_or_else(|| format!("{path}: `{line}` is no save"))?);
    }
    Ok((file, durable))
}

fn parsed(line: &str) -> Option<Save> {
    let mut fields = line.split('\t');
    let mut number = || fields.next()?.parse::<u64>().ok();
    let (current_term, vote, from, term) = (Term(number()?), number()? as u32, Index(number()?), Term(number()?));
    let payload = |text: &str| if text.is_empty() { Payload::Noop } else { Payload::Command(Command::from(text)) };
    let log = (from > Index::ZERO).then(|| LogWrite { from, entries: Entries::new(term, fields.map(payload)) });
    let voted_for = (vote > 0).then_some(ServerId(vote));
    Some(Save { number: SaveNumber::ZERO, current_term, voted_for, snapshot: None, log })
}

fn write(mut disk: &File, save: &Save) -> std::io::Result<()> {
    let (from, entries) = save.log.as_ref().map_or((Index::ZERO, &Entries::NONE), |log| (log.from, &log.entries));
    let vote = save.voted_for.map_or(0, |id| id.0);
    let mut line = format!("{}\t{vote}\t{from}\t{}", save.current_term, entries.term()).into_bytes();
    for payload in entries.payloads() {
        line.push(b'\t');
        line.extend(if let Payload::Command(command) = payload { command.bytes() } else { b"" });
    }
    line.push(b'\n');
    disk.write_all(&line).and_then(|()| disk.sync_data())
}

/// What the client is told when a server applies a command, or leads and has applied all that was committed before.
struct Report(ServerId, bool, Vec<String>);

struct Node {
    server: Server,
    disk: File,
    /// The state machine is the list of commands. They are numbered, so that one that was sent twice is applied once (P§8).
    applied: Vec<String>,
    network: Vec<Sender<Input>>,
    client: Sender<Result<Report, Failure>>,
}

impl Node {
    fn run(&mut self, inbox: &Receiver<Input>) -> Result<(), Failure> {
        // Each save is on disk before anything else is done: none has to be reported.
        let (began, mut effects) = (Instant::now(), Effects::new().saved_at_once());
        let now = || Time(began.elapsed().as_micros() as u64);
        loop {
            // What is due comes before what has arrived, however much that is.
            let idle = Duration::from_micros(self.server.next_wake_up().since(now()));
            let input = if idle.is_zero() { Input::WakeUp } else { inbox.recv_timeout(idle).unwrap_or(Input::WakeUp) };
            // What a server refuses because it does not lead any more, the client sends to the next leader.
            let _ = self.server.step(now(), input, &mut effects);
            effects.drain().try_for_each(|effect| self.carry_out(effect))?;
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Result<(), Failure> {
        match effect {
            Effect::Save(save) => write(&self.disk, &save)?,
            Effect::Send { message, .. } => self.network[message.to.0 as usize - 1].send(Input::Receive(message))?,
            Effect::Apply { entries, .. } => {
                let own = self.server.is_leader() && entries.term() == self.server.current_term();
                for payload in entries.payloads() {
                    let next = format!("{} ", self.applied.len() + 1);
                    if let Payload::Command(command) = payload {
                        let text = String::from_utf8_lossy(command.bytes()).into_owned();
                        self.applied.extend(Some(text).filter(|text| text.starts_with(&next)));
                    }
                    // A leader begins its term with an entry of its own: once that is committed, so is all before it (P§8).
                    let leads = own && *payload == Payload::Noop;
                    self.client.send(Ok(Report(self.server.id(), leads, self.applied.clone())))?;
                }
            }
            _ => {} // Snapshots, reads, changes of members. That a leadership is lost shows in the next one.
        }
        Ok(())
    }
}

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let directory = words.next().ok_or("expected a directory for the disks, then commands such as x=1")?;
    let puts: Vec<String> = words.collect();
    if let Some(put) = puts.iter().find(|put| put.contains(char::is_control)) {
        return Err(format!("{put:?} is no command; expected text without tabs and ends of lines, such as x=1").into());
    }
    create_dir_all(&directory)?;
    let (network, inboxes): (Vec<_>, Vec<_>) = IDS.map(|_| channel()).into_iter().unzip();
    let (client, reports) = channel();
    for (id, inbox) in IDS.into_iter().zip(inboxes) {
        let (disk, durable) = open(&format!("{directory}/{id}.disk"))?;
        println!("{id} starts in term {} with {} entries", durable.current_term, durable.log.len());
        // Another seed in each life, or the server would repeat its draws.
        let options = Options { seed: UNIX_EPOCH.elapsed()?.as_nanos() as u64, ..Options::default() };
        let server = Server::start(id, Configuration::of_voters(IDS)?, options, durable, Time::ZERO)?;
        let mut node = Node { server, disk, applied: Vec::new(), network: network.clone(), client: client.clone() };
        std::thread::spawn(move || node.run(&inbox).or_else(|failure| node.client.send(Err(failure))));
    }
    // The client numbers its commands behind those that the first leader has applied, and sends each leader what it lacks.
    let (mut before, mut states) = (None, IDS.map(|_| Vec::new()));
    while before.is_none_or(|before| states.iter().any(|state| state.len() < before + puts.len())) {
        let Report(server, leads, applied) = reports.recv()??;
        let committed = states.iter().map(Vec::len).max().unwrap_or(0);
        applied.iter().skip(committed).for_each(|command| println!("committed: {command}"));
        if leads {
            println!("{server} leads");
            let before = *before.get_or_insert(applied.len());
            for (at, put) in puts.iter().enumerate().skip(applied.len().saturating_sub(before)) {
                let command = Command::from(format!("{} {put}", before + at + 1).as_str());
                network[server.0 as usize - 1].send(Input::Propose(command))?;
            }
        }
        states[server.0 as usize - 1] = applied;
    }
    assert!(states.iter().all(|state| *state == states[0]), "the servers have applied different commands: {states:?}");
    println!("all three have applied: {}", states[0].join(", "));
    Ok(())
}
