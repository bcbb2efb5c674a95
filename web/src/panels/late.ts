/** A part of the page that is fetched when it is first wanted: whoever never wants it does not pay for it. */
export class Late<T> {
  /** Once it is there. */
  part: T | undefined;
  private loading: Promise<T | undefined> | undefined;

  constructor(
    private readonly load: () => Promise<T>,
    private readonly came: () => void,
    private readonly failed: (why: unknown) => void,
  ) {}

  /** Fetches the part; nothing when it cannot be had. */
  want(): Promise<T | undefined> {
    return this.loading ?? (this.loading = this.fetch());
  }

  /** The part, or nothing yet: then it is on its way, and `came` or `failed` is called. After a failure it is tried anew. */
  get(): T | undefined {
    void this.want();
    return this.part;
  }

  /** It is made anew, if it is there: what it was made of is another now. Until then the old one stays. */
  again(): void {
    if (!this.part) return;
    this.loading = undefined;
    void this.want();
  }

  private async fetch(): Promise<T | undefined> {
    try {
      this.part = await this.load();
    } catch (why) {
      this.loading = undefined;
      this.failed(why);
      return undefined;
    }
    this.came();
    return this.part;
  }
}
