//! Where servers stand and which walls stand between them. Whole numbers only: a wall crosses a way or it does not, in
//! every browser alike.

use raft_core::random::draw_between;
use serde::Serialize;

use crate::plain::{Read, Tree, Wrong, one_named};
use crate::purpose;
use crate::scenario::MILLION;
use crate::short_map::ShortMap;

/// A point of the stage: 0 to 10,000 from the left and from the top. The page stretches both axes to its own size,
/// which changes no crossing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Position {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
}

/// A wall: no message whose straight way touches it gets through, unless it is set to let some through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Wall {
    /// Its number.
    pub id: u32,
    /// One end.
    pub a: Position,
    /// The other.
    pub b: Position,
    /// In which direction it stops messages.
    pub stops: Stops,
    /// How many of a million of those it stops.
    pub loss_ppm: u32,
}

/// In which direction a wall stops messages, as seen from its first end to its second.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Stops {
    /// In both, and those whose way runs along it.
    Both,
    /// Those that go from the left of it to the right.
    Rightward,
    /// Those that go from the right of it to the left.
    Leftward,
}

impl Stops {
    #[allow(clippy::trivially_copy_pass_by_ref)] // As serde asks.
    pub(crate) const fn are_both(&self) -> bool {
        matches!(self, Self::Both)
    }

    /// All of them, by their names.
    pub const ALL: [(&'static str, Self); 3] =
        [("both", Self::Both), ("rightward", Self::Rightward), ("leftward", Self::Leftward)];
}

impl Read for Stops {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        one_named(&found, &Self::ALL)
    }
}

impl Wall {
    /// A wall that stops everything.
    pub(crate) const fn new(id: u32, a: Position, b: Position) -> Self {
        Self { id, a, b, stops: Stops::Both, loss_ppm: MILLION }
    }

    /// Whether it stops anything that goes this way, should they meet.
    fn stands_against(&self, from: Position, to: Position) -> bool {
        // The stage's y goes down: what goes to the right of a wall turns with the clock.
        let turn = Vector::between(self.a, self.b).cross(Vector::between(from, to));
        match self.stops {
            Stops::Both => true,
            Stops::Rightward => turn > 0,
            Stops::Leftward => turn < 0,
        }
    }

    /// Whether it stops every message that it stands against.
    pub(crate) const fn is_tight(&self) -> bool {
        self.loss_ppm == MILLION
    }

    /// Whether a message that it stands against is one of those that it stops: of all that meet this wall each has its own
    /// lot, however often the wall is moved.
    pub(crate) fn catches(&self, seed: u64, message: u64) -> bool {
        let lot = || draw_between(0, u64::from(MILLION) - 1, &[seed, purpose::WALL, self.id.into(), message]);
        self.is_tight() || lot() < u64::from(self.loss_ppm)
    }
}

/// Where a way meets a wall.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Crossing {
    /// The wall's number.
    pub wall: u32,
    /// How much of the way lies before it, in 65,536ths.
    pub fraction: u32,
}

/// The whole way, in the unit of [`Crossing::fraction`].
pub const WHOLE_WAY: u32 = 1 << 16;

/// The stage: a place for each server, and the walls.
#[derive(Clone, Hash, Debug)]
pub struct Stage {
    positions: Vec<Position>,
    /// Whether somebody has put a server elsewhere by hand.
    moved: bool,
    walls: ShortMap<u32, Wall>,
}

impl Stage {
    /// The largest coordinate.
    pub const SIZE: u32 = 10_000;
    /// The most walls.
    pub const WALLS_MAX: u32 = 64;
    /// How far from the middle servers stand at first.
    const RADIUS: i64 = 3_400;
    /// How many places are looked at for a server that joins.
    const PLACES: u32 = 120;

    /// A stage on which servers stand evenly around the middle, the first at the top, the others clockwise.
    pub(crate) fn with_servers(servers: u32) -> Self {
        let positions = (0..servers).map(|server| Self::place(server, servers)).collect();
        Self { positions, moved: false, walls: ShortMap::default() }
    }

    /// One of so many places around the middle.
    fn place(number: u32, places: u32) -> Position {
        let (number, places) = (i64::from(number), i64::from(places));
        let middle = i64::from(Self::SIZE / 2);
        Position {
            // On the stage by construction: the middle, more or less the radius.
            x: u32::try_from(middle + scaled_sine(Self::RADIUS, 4 * number, 2 * places)).unwrap_or(0),
            y: u32::try_from(middle - scaled_sine(Self::RADIUS, 4 * number + places, 2 * places)).unwrap_or(0),
        }
    }

    /// One more server: all stand evenly again, as long as nobody has moved one or drawn a wall. Otherwise the others stay,
    /// and it stands where the circle is emptiest.
    pub(crate) fn add_server(&mut self) {
        let servers = self.positions.len() as u32 + 1;
        if !self.moved && self.walls.is_empty() {
            self.positions = (0..servers).map(|server| Self::place(server, servers)).collect();
            return;
        }
        let room = |place: &Position| {
            let squared = |other: &Position| {
                let way = Vector::between(*place, *other);
                way.dot(way)
            };
            self.positions.iter().map(squared).min()
        };
        // The first of those with as much room: max_by_key takes the last.
        let places = (0..Self::PLACES).rev().map(|number| Self::place(number, Self::PLACES));
        let emptiest = places.max_by_key(room).unwrap_or(Position { x: 0, y: 0 });
        self.positions.push(emptiest);
    }

    pub(crate) fn position(&self, server: usize) -> Option<Position> {
        self.positions.get(server).copied()
    }

    pub(crate) fn put(&mut self, server: usize, position: Position) {
        self.positions[server] = position;
        self.moved = true;
    }

    pub(crate) const fn walls(&self) -> &ShortMap<u32, Wall> {
        &self.walls
    }

    pub(crate) const fn walls_mut(&mut self) -> &mut ShortMap<u32, Wall> {
        &mut self.walls
    }

    /// The first wall against the way from one server to another for which `counts` says so of its fraction of the way; of
    /// two at the same place the one with the lower number.
    pub(crate) fn first_crossing(
        &self,
        from: usize,
        to: usize,
        counts: impl Fn(&Wall, u32) -> bool,
    ) -> Option<Crossing> {
        let (from, to) = (self.positions[from], self.positions[to]);
        self.walls
            .values()
            .filter(|wall| wall.stands_against(from, to))
            .filter_map(|wall| {
                let fraction = crossing(from, to, wall.a, wall.b)?;
                counts(wall, fraction).then_some(Crossing { wall: wall.id, fraction })
            })
            .min_by_key(|crossing| crossing.fraction)
    }
}

/// `radius` times the sine of `part` / `half` half turns, by Bhaskara's formula (about 629), which is off by less than
/// two in a thousand: nobody sees that, and it needs no floats.
fn scaled_sine(radius: i64, part: i64, half: i64) -> i64 {
    let part = part.rem_euclid(2 * half);
    if part >= half {
        return -scaled_sine(radius, part - half, half);
    }
    let product = part * (half - part);
    let divisor = 5 * half * half - 4 * product;
    (16 * product * radius + divisor / 2) / divisor
}

/// A vector between two positions.
#[derive(Clone, Copy)]
struct Vector {
    x: i64,
    y: i64,
}

impl Vector {
    fn between(from: Position, to: Position) -> Self {
        Self { x: i64::from(to.x) - i64::from(from.x), y: i64::from(to.y) - i64::from(from.y) }
    }

    const fn cross(self, other: Self) -> i64 {
        self.x * other.y - self.y * other.x
    }

    const fn dot(self, other: Self) -> i64 {
        self.x * other.x + self.y * other.y
    }
}

/// Where the straight way between two positions meets the wall from `a` to `b`: how much of the way lies before it, in
/// 65,536ths, or `None` when they do not meet. Touching is meeting: nothing slips past the tip of a wall. Where the way
/// runs along the wall, their first common point counts.
#[must_use]
pub fn crossing(from: Position, to: Position, a: Position, b: Position) -> Option<u32> {
    let way = Vector::between(from, to);
    let wall = Vector::between(a, b);
    let to_a = Vector::between(from, a);
    // The way is from + way * s, the wall is a + wall * t, both with parameters from 0 to 1:
    // s = (to_a x wall) / (way x wall), t = (to_a x way) / (way x wall).
    let divisor = way.cross(wall);
    if divisor == 0 {
        return along(way, wall, to_a);
    }
    let sign = divisor.signum();
    let (s, t, divisor) = (to_a.cross(wall) * sign, to_a.cross(way) * sign, divisor.abs());
    ((0..=divisor).contains(&s) && (0..=divisor).contains(&t)).then(|| fraction(s, divisor))
}

/// The crossing of a way and a wall that are parallel, or one of which is a point.
fn along(way: Vector, wall: Vector, to_a: Vector) -> Option<u32> {
    let length = way.dot(way);
    if length == 0 {
        // Sender and receiver stand on one spot; the wall may run through it.
        let reach = wall.dot(wall);
        let t = -to_a.dot(wall);
        return (to_a.cross(wall) == 0 && (0..=reach).contains(&t)).then_some(0);
    }
    if to_a.cross(way) != 0 {
        return None;
    }
    let (a, b) = (to_a.dot(way), to_a.dot(way) + wall.dot(way));
    let first = a.min(b).max(0);
    (first <= a.max(b).min(length)).then(|| fraction(first, length))
}

/// A part of a whole in 65,536ths, rounded down. `0 <= part <= whole`, `0 < whole`.
fn fraction(part: i64, whole: i64) -> u32 {
    u32::try_from(part * i64::from(WHOLE_WAY) / whole).unwrap_or(WHOLE_WAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(x: u32, y: u32) -> Position {
        Position { x, y }
    }

    #[test]
    fn ways_and_walls_cross_as_drawn_on_paper() {
        let way = (at(0, 5_000), at(10_000, 5_000));
        // (the wall's ends, the expected fraction)
        let table = [
            ("through the middle", at(5_000, 0), at(5_000, 10_000), Some(32_768)),
            ("the same the other way round", at(5_000, 10_000), at(5_000, 0), Some(32_768)),
            ("aslant at a quarter", at(0, 2_500), at(5_000, 7_500), Some(16_384)),
            ("its tip touches the way from above", at(7_500, 0), at(7_500, 5_000), Some(49_152)),
            ("its tip ends one step above the way", at(7_500, 0), at(7_500, 4_999), None),
            ("touches the way's beginning", at(0, 0), at(0, 5_000), Some(0)),
            ("touches the way's end", at(10_000, 5_000), at(10_000, 10_000), Some(65_536)),
            ("parallel beside it", at(0, 4_999), at(10_000, 4_999), None),
            ("on it, from a quarter on", at(2_500, 5_000), at(5_000, 5_000), Some(16_384)),
            ("on it, drawn from its far end", at(5_000, 5_000), at(2_500, 5_000), Some(16_384)),
            ("covers all of it", at(0, 5_000), at(10_000, 5_000), Some(0)),
            ("crosses the line far beside it", at(5_000, 6_000), at(5_000, 10_000), None),
        ];
        for (name, a, b, expected) in table {
            assert_eq!(crossing(way.0, way.1, a, b), expected, "{name}");
        }
        let short = (at(4_000, 4_000), at(5_000, 5_000));
        assert_eq!(crossing(short.0, short.1, at(6_000, 6_000), at(7_000, 7_000)), None, "on one line, apart");
        assert_eq!(crossing(short.0, short.1, at(5_000, 5_000), at(7_000, 7_000)), Some(65_536), "ends touch in line");
        assert_eq!(crossing(short.0, short.1, at(3_000, 3_000), at(4_500, 4_500)), Some(0), "begins inside the wall");
        let spot = at(3_000, 3_000);
        assert_eq!(crossing(spot, spot, at(0, 0), at(6_000, 6_000)), Some(0), "a spot on the wall");
        assert_eq!(crossing(spot, spot, at(0, 0), at(2_000, 2_000)), None, "a spot beyond the wall's end");
        assert_eq!(crossing(spot, spot, at(0, 1), at(6_000, 6_001)), None, "a spot beside the wall");
    }

    #[test]
    fn a_wall_stands_in_both_directions_at_the_same_place() {
        let draw = |n: u64, what: u64| u32::try_from(raft_core::random::draw_between(0, 40, &[n, what])).unwrap() * 250;
        let mut crossings = 0;
        for n in 0..20_000 {
            let [p, q, a, b] = [0, 2, 4, 6].map(|what| at(draw(n, what), draw(n, what + 1)));
            let (there, back) = (crossing(p, q, a, b), crossing(q, p, a, b));
            assert_eq!(there.is_some(), back.is_some(), "{p:?} {q:?} {a:?} {b:?}");
            assert_eq!(there, crossing(p, q, b, a), "a wall has no direction: {p:?} {q:?} {a:?} {b:?}");
            let parallel = Vector::between(p, q).cross(Vector::between(a, b)) == 0;
            if let (Some(there), Some(back), false) = (there, back, parallel) {
                crossings += 1;
                assert!((there + back).abs_diff(WHOLE_WAY) <= 1, "{p:?} {q:?} {a:?} {b:?}");
            }
        }
        assert!(crossings > 2_000, "the test says little: {crossings}");
    }

    #[test]
    fn servers_stand_evenly_around_the_middle_the_first_at_the_top() {
        for servers in 1..=50 {
            let stage = Stage::with_servers(servers);
            assert_eq!(stage.position(0), Some(at(5_000, 1_600)));
            for server in 0..servers as usize {
                let Position { x, y } = stage.position(server).unwrap();
                let (dx, dy) = (i64::from(x) - 5_000, i64::from(y) - 5_000);
                let squared = dx * dx + dy * dy;
                assert!((3_380 * 3_380..=3_420 * 3_420).contains(&squared), "S{server} of {servers}: {x}, {y}");
                let mirrored = stage.position((servers as usize - server) % servers as usize).unwrap();
                assert_eq!((10_000 - mirrored.x, mirrored.y), (x, y), "left and right mirror each other");
            }
        }
        let stage = Stage::with_servers(4);
        assert_eq!(stage.position(1), Some(at(8_400, 5_000)), "clockwise");
    }

    #[test]
    fn a_server_that_joins_moves_the_others_only_if_nobody_has_touched_the_stage() {
        let mut stage = Stage::with_servers(3);
        stage.add_server();
        assert_eq!(stage.positions, Stage::with_servers(4).positions);
        let wall = Wall::new(1, at(0, 0), at(1, 1));
        for touch in [(3, at(5_000, 5_000)), (2, at(2, 3))] {
            let mut touched = Stage::with_servers(4);
            touched.put(touch.0, touch.1);
            let before = touched.positions.clone();
            touched.add_server();
            assert_eq!(touched.positions[..4], before);
            let new = touched.positions[4];
            assert!(
                before.iter().all(|other| Vector::between(new, *other).dot(Vector::between(new, *other)) > 2_000_000)
            );
        }
        stage.walls_mut().insert(1, wall);
        let before = stage.positions.clone();
        stage.add_server();
        assert_eq!(stage.positions[..4], before);
    }
}
