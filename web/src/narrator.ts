/** Says through a live region what has changed, politely: what comes close together is said together. */
export class Narrator {
  private readonly waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly say: (text: string) => void,
    private readonly pauseMs = 1_200,
  ) {}

  /** To be said soon. A later word on the same subject replaces the earlier one. */
  tell(subject: string, text: string): void {
    const at = this.waiting.findIndex((other) => other.startsWith(`${subject}|`));
    if (at >= 0) this.waiting.splice(at, 1);
    this.waiting.push(`${subject}|${text}`);
    this.timer ??= setTimeout(() => this.speak(), this.pauseMs);
  }

  /** What is waiting, said now. */
  speak(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.waiting.map((one) => one.slice(one.indexOf('|') + 1)).join(' ');
    this.waiting.length = 0;
    if (text) this.say(text);
  }

  /** What is waiting is not said: another language is spoken. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting.length = 0;
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
