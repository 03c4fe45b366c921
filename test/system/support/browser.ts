import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { isRoot } from './program';

const CHROMIUM = '/usr/bin/chromium';
/** The same Chromium without windows, settings and services of Google: all system tests take about 300 s of CPU time, 376 without it. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

export interface BrowserOptions {
  /** Whether a frame of another site has no storage: only Chromium itself has settings for that. */
  readonly blocksStorageOfOtherSites?: boolean;
  /** Whether a page that was left is restored as it was (back/forward cache), as people's browsers do. */
  readonly restoresPages?: boolean;
}

/** Debian's Chromium, driven step by step. It reaches nothing but this machine. */
export function launchBrowser({
  blocksStorageOfOtherSites = false,
  restoresPages = false,
}: BrowserOptions = {}): Promise<Browser> {
  const isShell = !blocksStorageOfOtherSites && existsSync(HEADLESS_SHELL);
  return chromium.launch({
    ...(restoresPages ? { ignoreDefaultArgs: ['--disable-back-forward-cache'] } : {}),
    executablePath: isShell ? HEADLESS_SHELL : CHROMIUM,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP api.example.com 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
