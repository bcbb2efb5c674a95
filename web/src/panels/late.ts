/** A part of the page that is fetched when it is first wanted: whoever never wants it does not pay for it. */
export class Late<T> {
  private part: T | undefined;
  private loading = false;

  constructor(
    private readonly load: () => Promise<T>,
    private readonly came: () => void,
    private readonly failed: () => void,
  ) {}

  /** The part, or nothing yet: then it is on its way, and `came` or `failed` is called. After a failure it is tried anew. */
  get(): T | undefined {
    if (!this.part && !this.loading) {
      this.loading = true;
      void this.load()
        .then((part) => {
          this.part = part;
          this.came();
        }, this.failed)
        .finally(() => {
          this.loading = false;
        });
    }
    return this.part;
  }
}
