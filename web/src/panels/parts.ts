import { absentText } from '../absent';
import { Late } from './late';

/** The parts that come late, and what of them could not be had. */
export class Parts {
  /** What could not be had, and is not tried again before somebody asks for it. */
  private readonly notThere = new Set<object>();

  constructor(
    private readonly changed: () => void,
    private readonly missing: (why: string) => void,
  ) {}

  /** A part, and what it is called when it cannot be had. */
  late<T>(load: () => Promise<T>, what: () => string): Late<T> {
    const part: Late<T> = new Late(load, this.changed, (why) => {
      this.notThere.add(part);
      this.missing(absentText(what(), why));
    });
    return part;
  }

  /** A part that nobody has asked for: where it cannot be had, nothing is said. */
  quiet<T>(load: () => Promise<T>, changed = this.changed): Late<T> {
    return new Late(load, changed, () => undefined);
  }

  /** A part that is shown without being asked for. */
  unasked<T>(part: Late<T>): T | undefined {
    return this.notThere.has(part) ? undefined : part.get();
  }

  /** Somebody asks for it. */
  tryAgain(part: object): void {
    this.notThere.delete(part);
  }
}
