// What every screen shares: the station, the strip, the queue's counts, the applicant at the desk, the problem on show.
import { backend } from '$lib/backend/backend';
import type { AppError, BackendEvent, Permohonan, Queue, StationState, Strip } from '$lib/backend/contract';
import { setLanguage } from '$lib/shared/strings.svelte';
import { setZone } from '$lib/shared/zone.svelte';
import { router } from './router.svelte';

export function isAppError(e: unknown): e is AppError {
  return typeof e === 'object' && e !== null && 'key' in e && 'tone' in e;
}

/** Anything thrown, as the error that the window can word. */
export function appError(e: unknown): AppError {
  if (isAppError(e)) return e;
  console.error(e);
  return { code: 'window', key: 'window', tone: 'bad', args: {} };
}

/** A part of the program that could not be read, as the error that the window can word. */
export function unread(e: unknown): AppError {
  console.error(e);
  return { code: 'window', key: 'unread', tone: 'bad', args: {} };
}

type Listener = (event: BackendEvent) => void;

class Session {
  station = $state.raw<StationState | undefined>();
  strip = $state.raw<Strip | undefined>();
  queue = $state.raw<Queue | undefined>();
  permohonan = $state.raw<Permohonan | null>(null);
  /** When `permohonan` was read; the clock on the rail runs on from here. */
  readAt = $state(0);
  problem = $state.raw<AppError | null>(null);
  /** The visit that was just left to another desk or to the applicant: told at the queue until something else is done. */
  left = $state.raw<Permohonan | null>(null);
  now = $state(Date.now());
  #listeners = new Set<Listener>();
  #touched = 0;
  #words: Promise<unknown> = Promise.resolve();

  async start(): Promise<void> {
    await backend().listen((event) => this.#heard(event));
    await this.refresh();
    setInterval(() => (this.now = Date.now()), 1000);
    const touch = () => {
      if (Date.now() - this.#touched < 10_000 || this.station?.phase !== 'open') return;
      this.#touched = Date.now();
      void backend()
        .touch()
        .catch(() => undefined);
    };
    for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
      window.addEventListener(kind, touch, { passive: true });
  }

  async refresh(): Promise<void> {
    this.apply(await backend().stationState());
    await Promise.all([this.#words, this.#readStrip(), this.#readQueue()]);
  }

  /** Takes a new station state and shows the screen that it allows. */
  apply(station: StationState): void {
    const before = this.station?.phase;
    const waited = this.station?.exchangeOnly;
    const who = this.station?.signedIn?.id;
    this.station = station;
    this.#words = setLanguage(station.language).catch((e: unknown) => (this.problem = unread(e)));
    setZone(station.timeZone);
    if (router.screen === 'applicant') return;
    if (station.phase !== 'open' || station.exchangeOnly) this.leave();
    if (station.phase === 'new') router.go('setup');
    else if (station.phase === 'locked' && router.screen !== 'signin') {
      this.#back = { screen: router.screen, id: router.id, who };
      router.go('signin');
    } else if (station.phase === 'open' && station.exchangeOnly) {
      // Everything else is refused until the centre is heard; what was open then is chosen anew.
      this.#back = null;
      if (router.screen !== 'sync') router.go('sync');
    } else if (station.phase === 'open' && (router.screen === 'signin' || router.screen === 'setup')) {
      const back = this.#back;
      this.#back = null;
      // Whoever else signs in has a desk of their own: what was open may not be theirs to do.
      const same = back?.who !== undefined && back.who === station.signedIn?.id;
      if (before === 'locked' && same && back.screen !== 'setup' && back.screen !== 'signin')
        router.go(back.screen, back.id);
      else router.go('queue');
    }
    if (before !== undefined && (before !== station.phase || waited !== station.exchangeOnly))
      void Promise.all([this.#readStrip(), this.#readQueue()]);
  }
  /** Somebody is signed in, and not for the exchange alone. */
  get works(): boolean {
    return this.station?.phase === 'open' && !this.station.exchangeOnly;
  }

  #back: { screen: typeof router.screen; id: string | null; who: string | undefined } | null = null;

  /** Reads one application and puts it at the desk. */
  async visit(id: string): Promise<Permohonan> {
    const found = await backend().permohonan(id);
    this.at(found);
    return found;
  }

  /** The application at the desk is read again. Who has left the desk meanwhile does not come back by it. */
  async #again(id: string): Promise<void> {
    const found = await backend()
      .permohonan(id)
      .catch(() => undefined);
    if (found && this.permohonan?.id === id) this.at(found);
  }

  at(permohonan: Permohonan | null): void {
    this.permohonan = permohonan;
    this.readAt = Date.now();
  }

  /** Puts the applicant at the desk and opens the screen of the current step, where that is this officer's to do. */
  follow(permohonan: Permohonan): void {
    this.leave();
    // A sealed recording goes on with its card.
    const goesOn = ['open', 'held', 'sealed'].includes(permohonan.state);
    if (goesOn && permohonan.yours) {
      this.at(permohonan);
      router.step(permohonan.step, permohonan.id);
      return;
    }
    if (goesOn || permohonan.state === 'returned') this.left = permohonan;
    router.go('queue');
  }

  leave(): void {
    this.permohonan = null;
    this.left = null;
  }

  /** Runs one action; a refusal is shown in its three sentences and answers undefined. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.problem = null;
      return result;
    } catch (e) {
      this.problem = appError(e);
      return undefined;
    }
  }

  /** As `run`, for a reading in the background: it leaves the problem on show where it is. */
  async read<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (e) {
      this.problem = appError(e);
      return undefined;
    }
  }

  /** Reads a part of the program that comes later, as a dialog does; one that cannot be read is told in its three sentences. */
  part<T>(load: () => Promise<T>): Promise<T | undefined> {
    return this.read(() =>
      load().catch((e: unknown) => {
        throw unread(e);
      }),
    );
  }

  /** Hears the shell's events until the returned function is called. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #heard(event: BackendEvent): void {
    if (event.event === 'station_changed')
      void backend()
        .stationState()
        .then((s) => this.apply(s));
    if (event.event === 'strip_changed' || event.event === 'devices_changed') void this.#readStrip();
    if (event.event === 'queue_changed') void this.#readQueue();
    if (event.event === 'applicant_changed' && this.permohonan) void this.#again(this.permohonan.id);
    if (event.event === 'permohonan_changed' && event.id === this.permohonan?.id) void this.#again(event.id);
    for (const listener of this.#listeners) listener(event);
  }

  async #readStrip(): Promise<void> {
    this.strip = await backend()
      .strip()
      .catch(() => this.strip);
  }

  async #readQueue(): Promise<void> {
    if (!this.works) return;
    this.queue = await backend()
      .queue('all')
      .catch(() => this.queue);
  }
}

export const session = new Session();
