/** The panel of searches, as its tests use it. */

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, type Playground } from './page';

export class Panel {
  readonly root: Locator;
  readonly status: Locator;
  readonly stories: Locator;

  constructor(private readonly playground: Playground) {
    this.root = playground.host.locator('.hunt');
    this.status = this.root.locator('.hunt-status');
    this.stories = this.root.locator('.stories > li');
  }

  part(name: string): Locator {
    return this.root.locator(`[data-part="${name}"]`);
  }

  /** Opened with these rules switched off on the stage. */
  async open(...off: string[]): Promise<void> {
    await this.playground.call((element, rules_off) => element.reset({ options: { rules_off } }), off);
    await this.playground.press('B');
    await expect(this.part('start')).toBeVisible();
  }

  async find(): Promise<void> {
    await this.part('start').click();
    await expect(this.status).toHaveText(/^Found: /, { timeout: 30_000 });
  }

  steps(): Promise<string[]> {
    return this.stories.first().locator('.steps li').allTextContents();
  }
}

/** What axe has against the page as it stands. */
export const faultsOn = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
};
