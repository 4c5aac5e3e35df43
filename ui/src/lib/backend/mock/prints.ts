// The prints of papers in the twin: what came out, and a print whose end nobody told. ?part=print_unknown sets the latter up.
import type { PaperPrints, PrintJob } from '../contract';
import { refuse, type World } from './world';

interface Known {
  out: boolean;
  unknown: boolean;
}
const known = new WeakMap<World, Map<string, Known>>();

/** What the twin knows of one paper: a kept one by its document, a queue number by its visit. */
function of(world: World, paper: string): Known {
  const all = known.get(world) ?? new Map<string, Known>();
  known.set(world, all);
  const part = typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');
  const one = all.get(paper) ?? { out: false, unknown: part === 'print_unknown' };
  all.set(paper, one);
  return one;
}

export function printsOf(world: World, paper: string): PaperPrints {
  const { out, unknown } = of(world, paper);
  return {
    again: out,
    unknown: unknown ? { attempt: paper, sentAt: '2026-11-23T03:42:00Z', printer: 'Printer Dokumen' } : null,
  };
}

/** One print, refused as the station refuses it; what its printer says is `job`. */
export function printed(world: World, paper: string, reason: string | undefined, job: PrintJob): PrintJob {
  const one = of(world, paper);
  if (one.unknown) return refuse('print_end_unknown');
  if (one.out && !reason) return refuse('reprint_reason_missing');
  if (job.state === 'unknown') one.unknown = true;
  else if (['done', 'printing', 'sent'].includes(job.state)) one.out = true;
  return job;
}

export function answered(world: World, attempt: string, cameOut: boolean): PaperPrints {
  const one = of(world, attempt);
  if (!one.unknown) return refuse('not_found');
  one.unknown = false;
  one.out ||= cameOut;
  return printsOf(world, attempt);
}
