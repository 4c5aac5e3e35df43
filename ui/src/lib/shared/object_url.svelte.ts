/** Keeps one object URL alive while it is shown and gives it back afterwards. */
export class Picture {
  url = $state<string | null>(null);
  #turn = 0;

  async show(load: () => Promise<string>): Promise<void> {
    const mine = (this.#turn += 1);
    const next = await load();
    if (mine !== this.#turn) {
      URL.revokeObjectURL(next);
      return;
    }
    this.drop();
    this.#turn = mine;
    this.url = next;
  }

  drop(): void {
    this.#turn += 1;
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }
}
