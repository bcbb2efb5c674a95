//! What a page keeps beside a run, so that it is there again when the run is opened. Nothing of it is lived.

use serde::Serialize;

use crate::input::{check_text_of, is_zero};
use crate::plain::{EXACT, Object, Read, Tree, Wrong, fill_record, read, within};
use crate::scenario::TITLE_CHARS_MAX;

/// What a page keeps beside a run. It says nothing of the run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Page {
    /// Moments with a name, at most 100, in any order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bookmarks: Vec<Bookmark>,
}

/// A moment with a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Bookmark {
    /// The moment, in microseconds from the start.
    pub at_us: u64,
    /// After how many events of that very microsecond.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_events: u32,
    /// What it is called, 1 to 64 characters.
    pub name: String,
}

impl Read for Page {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut page = Self::default();
        fill_record!(page: Self { bookmarks } from found)?;
        Ok(page)
    }
}

impl Read for Bookmark {
    const LISTED_MAX: usize = Page::BOOKMARKS_MAX;

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(found);
        let read = Self {
            at_us: object.need("at_us"),
            after_events: object.take("after_events").unwrap_or(0),
            name: object.need("name"),
        };
        object.finish()?;
        Ok(read)
    }
}

impl TryFrom<Tree> for Page {
    type Error = Box<Wrong>;

    fn try_from(tree: Tree) -> Result<Self, Box<Wrong>> {
        read("page", tree)
    }
}

impl Page {
    /// The most bookmarks.
    pub const BOOKMARKS_MAX: usize = 100;

    /// Whether it is as it may be.
    ///
    /// # Errors
    /// Names the first field that is not as expected.
    pub fn check(&self) -> Result<(), Box<Wrong>> {
        for (at, bookmark) in self.bookmarks.iter().enumerate() {
            let place = |wrong: Box<Wrong>| wrong.within(&format!("page.bookmarks[{at}]"));
            within("at_us", bookmark.at_us, 0, EXACT).map_err(place)?;
            check_text_of("name", &bookmark.name, TITLE_CHARS_MAX).map_err(place)?;
        }
        Ok(())
    }
}
