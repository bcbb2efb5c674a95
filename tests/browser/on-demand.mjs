// Tools that only scripts run by hand need: installed when one is first asked for, beside those of `cargo xtask`, and never by the checks.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'raft-playground');

/**
 * Runs a program to its end, and says what it printed where that was no good one.
 * @param {string} program
 * @param {readonly string[]} words
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function run(program, words, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 26, shell: process.platform === 'win32', ...options });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? `exit ${status}`}\n${stdout}\n${stderr}`);
  return String(stdout);
}

/**
 * The folder of a tool, which `install` fills the first time; what was not installed to its end is installed anew.
 * @param {string} name
 * @param {(folder: string) => void} install
 */
async function kept(name, install) {
  const folder = join(CACHE, name);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  console.log(`Installing ${name} into ${folder} (once)`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  install(folder);
  await mkdir(done);
  return folder;
}

/** The node_modules that hold npm packages, each as `name@version`. @param {string} name @param {readonly string[]} packages */
export async function fromNpm(name, packages) {
  const folder = await kept(name, (prefix) => void run('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--save-exact', ...packages], { cwd: prefix }));
  return join(folder, 'node_modules');
}

/** The programs that Python packages brought, each as `name==version`. @param {string} name @param {readonly string[]} packages */
export async function fromPython(name, packages) {
  const programs = process.platform === 'win32' ? 'Scripts' : 'bin';
  const folder = await kept(name, (prefix) => {
    run('python3', ['-m', 'venv', prefix]);
    run(join(prefix, programs, 'python'), ['-m', 'pip', 'install', '--disable-pip-version-check', ...packages]);
  });
  return join(folder, programs);
}

/** The programs of a crate. @param {string} crate @param {string} version */
export async function fromCargo(crate, version) {
  const folder = await kept(`${crate}-${version}`, (root) => {
    // It works for a second and takes minutes to optimise.
    run('cargo', ['install', '--locked', '--config', 'profile.release.opt-level=0', '--config', 'profile.release.lto=false', '--version', version, '--root', root, crate]);
  });
  return join(folder, 'bin');
}
