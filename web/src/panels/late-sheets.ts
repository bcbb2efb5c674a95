import { nothing, type TemplateResult } from 'lit';
import type { SheetName } from '../desk';
import type { Diagram } from '../diagram/diagram';
import type { Place } from '../keep/link';
import { WORDS } from '../words';
import type { Help } from './help';
import type { Late } from './late';
import type { Owner } from './owner';
import type { Parts } from './parts';
import type { Search } from './search';
import type { Share } from './share';

/** The sheets that come late: help, sharing, search. One lies open at a time. */
export class LateSheets {
  private shown: SheetName | null = null;
  private readonly help: Late<Help>;
  private readonly share: Late<Share>;

  constructor(
    private readonly owner: Owner,
    parts: Parts,
    private readonly search: Late<Search>,
    diagram: () => Diagram | undefined,
  ) {
    this.help = parts.late(async () => new (await import('./help')).Help(owner), () => WORDS.sheets.help);
    this.share = parts.late(async () => new (await import('./share')).Share(owner, diagram), () => WORDS.sheets.share);
  }

  /** The sheet that lies open, once it is there. */
  render(): TemplateResult | typeof nothing {
    const { sheet } = this.owner.desk;
    if (sheet !== this.shown) {
      if (this.shown !== null) this[this.shown].part?.forget();
      this.shown = sheet;
    }
    switch (sheet) {
      case null:
        return nothing;
      case 'help':
        return this.help.get()?.sheet(() => this.close('help')) ?? nothing;
      default:
        return this[sheet].get()?.sheet() ?? nothing;
    }
  }

  /** Its close may be told late, when another lies open already. */
  close(sheet = this.owner.desk.sheet): void {
    if (this.owner.desk.sheet === sheet) this.owner.desk.sheet = null;
    this.owner.invalidate();
  }

  /** Another language is spoken. */
  respeak(): void {
    this.help.again();
  }

  // ---- what is shared comes in and goes out ----

  /** The page has this address now. */
  addressed(hash: string): void {
    if (/^#[rtn]=/.test(hash)) void this.share.want().then((share) => share?.openAddress(hash));
  }

  liveTo(place: Place): void {
    void this.share.want().then((share) => share?.liveTo(place));
  }

  dropped(file: File): void {
    void this.share.want().then((share) => share?.openFile(file));
  }

  copyLink(): void {
    void this.share.want().then((share) => share?.copyLink());
  }
}
