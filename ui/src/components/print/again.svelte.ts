import type { PaperPrints } from '$lib/backend/contract';

type Known = PaperPrints | null | undefined;

/** A paper on its way to the printer: printed at once the first time, else only once `AgainDialog` has its answers. */
export class Again {
  /** What is asked, while it is. */
  asks = $state.raw<PaperPrints | null>(null);
  #send: (reason: string) => unknown = () => undefined;

  /** `read` says what is known of the prints, or nothing when that could not be heard: then nothing is printed. */
  async begin(read: () => Promise<Known>, send: (reason: string) => unknown): Promise<void> {
    const prints = await read();
    if (!prints) return;
    this.#send = send;
    if (prints.unknown || prints.again) this.asks = prints;
    else await send('');
  }
  readonly print = (reason: string): void => {
    this.asks = null;
    void this.#send(reason);
  };
  readonly close = (): void => {
    this.asks = null;
  };
}
