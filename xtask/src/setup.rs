//! What the project needs on this machine, each looked at once per run and installed when it is missing.

use crate::error::Error;
use crate::toolchain::{self, BareMetal, Toolchain};
use crate::workspace::Workspace;
use crate::{apt, npm, programs, site};
use std::cell::OnceCell;
use std::path::PathBuf;

/// A piece of set-up, or why it could not be had: several checks may fail for the same reason.
type Memo<T> = OnceCell<Result<T, Error>>;

fn recall<T: Clone>(memo: &Memo<T>, find: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    memo.get_or_init(find).clone()
}

pub(crate) struct Tools {
    pub(crate) workspace: Workspace,
    wasm: Memo<Toolchain>,
    bare_metal: Memo<BareMetal>,
    wasm_bindgen: Memo<PathBuf>,
    wasm_pack: Memo<PathBuf>,
    browser: Memo<Browser>,
    web_packages: Memo<()>,
    browser_test_packages: Memo<()>,
    engine: Memo<()>,
    site: Memo<()>,
}

/// A Chromium or Chrome, and the program that drives it.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub(crate) program: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Tools {
    pub(crate) fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            wasm: Memo::new(),
            bare_metal: Memo::new(),
            wasm_bindgen: Memo::new(),
            wasm_pack: Memo::new(),
            browser: Memo::new(),
            web_packages: Memo::new(),
            browser_test_packages: Memo::new(),
            engine: Memo::new(),
            site: Memo::new(),
        }
    }

    /// A toolchain that compiles for wasm32.
    pub(crate) fn wasm(&self) -> Result<Toolchain, Error> {
        recall(&self.wasm, || toolchain::for_wasm(&self.workspace))
    }

    /// A toolchain that compiles without `std`.
    pub(crate) fn bare_metal(&self) -> Result<BareMetal, Error> {
        recall(&self.bare_metal, || toolchain::for_bare_metal(&self.workspace, &self.wasm()?))
    }

    /// The directory of wasm-bindgen, in the very version that the engine is compiled against.
    pub(crate) fn wasm_bindgen(&self) -> Result<PathBuf, Error> {
        recall(&self.wasm_bindgen, || {
            let version = self.workspace.locked_version("wasm-bindgen")?;
            programs::cargo_program("wasm-bindgen-cli", "wasm-bindgen", &version)
        })
    }

    /// The directory of wasm-pack.
    pub(crate) fn wasm_pack(&self) -> Result<PathBuf, Error> {
        recall(&self.wasm_pack, || programs::cargo_program("wasm-pack", "wasm-pack", programs::WASM_PACK_VERSION))
    }

    pub(crate) fn web_packages(&self) -> Result<(), Error> {
        recall(&self.web_packages, || npm::ensure(&self.workspace.web(), "the page"))
    }

    pub(crate) fn browser_test_packages(&self) -> Result<(), Error> {
        recall(&self.browser_test_packages, || npm::ensure(&self.workspace.browser_tests(), "the browser tests"))
    }

    pub(crate) fn browser(&self) -> Result<Browser, Error> {
        recall(&self.browser, || {
            if let Some(browser) = find_browser() {
                return Ok(browser);
            }
            let remedy =
                "Install Chromium or Chrome and the ChromeDriver of the same version, and put `chromedriver` on PATH.";
            if cfg!(target_os = "linux") {
                apt::ensure(&["chromium", "chromium-driver"], "to test the page in a real browser")?;
            }
            find_browser().ok_or_else(|| Error::missing("A Chromium with its ChromeDriver", remedy))
        })
    }

    /// The engine for the page, in web/pkg.
    pub(crate) fn engine(&self) -> Result<(), Error> {
        recall(&self.engine, || site::engine(self).map(drop))
    }

    /// The whole site, in dist/.
    pub(crate) fn site(&self) -> Result<(), Error> {
        recall(&self.site, || site::build(self))
    }
}

fn find_browser() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let in_applications = || {
        let path = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
        path.is_file().then_some(path)
    };
    let program = programs::find_program(&names).or_else(in_applications)?;
    Some(Browser { program, driver: programs::find_program(&["chromedriver"])? })
}

/// `cargo xtask setup`: what `play` needs, and what `test` needs besides.
pub(crate) fn everything(tools: &Tools, test: bool) -> Result<(), Error> {
    tools.wasm()?;
    tools.wasm_bindgen()?;
    tools.web_packages()?;
    if test {
        tools.bare_metal()?;
        tools.wasm_pack()?;
        tools.browser()?;
        tools.browser_test_packages()?;
    }
    Ok(())
}
