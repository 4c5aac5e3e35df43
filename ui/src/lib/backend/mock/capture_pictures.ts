// What the cameras and scanners of the twin show.
import type { Capture, FingerName, PreviewMeasure, SlapName, StrokePoint } from '../contract';
import { ON_GLASS, slapOf } from '../../../components/capture/hands';
import {
  cardOnDeskSvg,
  formPageSvg,
  irisPairSvg,
  irisSvg,
  portraitSvg,
  printSvg,
  signatureSvg,
  slapSvg,
  svgToJpeg,
  type DrawnFinger,
  type Pose,
} from './pictures';

const RIDGE = { index: 'b', middle: 'e', ring: 'c', little: 'd', thumb: 'a' } as const;
const ridge = (name: string) => RIDGE[(name.split('_')[1] ?? 'index') as keyof typeof RIDGE] ?? 'b';

/** The stored picture `captureId`, as SVG. */
export function draw(captureId: string, poses: Map<string, Pose>, c: Capture): string {
  // The photograph of an old card, and the portrait on record beside it.
  if (/^(card|record):/.test(captureId)) return portraitSvg(600, 800, { backdrop: 'merah' });
  if (captureId.startsWith('portrait'))
    return portraitSvg(600, 800, poses.get(captureId) ?? { backdrop: c.portrait.backdrop.colour });
  if (captureId.startsWith('still')) return portraitSvg(800, 600, { backdrop: c.portrait.backdrop.colour, dark: true });
  if (captureId.startsWith('iris')) return irisSvg(640, 410);
  if (captureId.startsWith('signature')) return signatureSvg();
  if (captureId === 'now-left_index' && c.rematch.some((r) => r.state === 'not_yet'))
    return printSvg('b', { rotate: -16, ink: 0.4, tipOnly: true });
  if (captureId.startsWith('now-')) return printSvg(ridge(captureId.slice(4)), { rotate: 6, ink: 0.88 });
  if (/^(rusak|pemusnahan)-/.test(captureId)) return cardOnDeskSvg(captureId.startsWith('pemusnahan'));
  if (captureId.startsWith('berkas')) return formPageSvg('Siti Rahmawati', false);
  if (captureId.startsWith('hand')) return slapSvg(600, 420, [null, null, null, null]);
  return printSvg(ridge(captureId.replace('print-', '')));
}

type Still = Omit<PreviewMeasure, 'seq' | 'at'>;

/** The frames of a live preview, played in a ring. */
export async function drawFrames(
  role: string,
  c: Capture,
  slap: SlapName | null,
): Promise<{ measure: Still; jpeg: Blob }[]> {
  const plain: Still = { droppedBefore: 0, face: null, checks: [], advice: null };
  if (role === 'camera') {
    const bad = c.portrait.attempts.length > 0 && c.portrait.approval.state === 'waiting';
    const checks = c.portrait.measured.map((m) =>
      bad && m.check === 'light' ? { ...m, ok: false, value: 'dark_left', advice: 'dark_left' } : m,
    );
    const measure: Still = {
      ...plain,
      face: { x: 0.32, y: 0.2, w: 0.36, h: 0.62 },
      advice: bad ? 'dark_left' : null,
      checks,
    };
    return Promise.all(
      [0, 1].map(async (shift) => ({
        measure,
        jpeg: await svgToJpeg(
          portraitSvg(960, 720, { backdrop: c.portrait.backdrop.colour, darkLeft: bad, shift, live: true }, 'meet'),
          960,
          720,
        ),
      })),
    );
  }
  if (role === 'iris_scanner') {
    const lid = c.eyes.some((e) => e.eye === 'left' && e.state === 'weak');
    return Promise.all(
      [1, 0.94].map(async (opening) => ({
        measure: plain,
        jpeg: await svgToJpeg(irisPairSvg(1280, 411, lid, opening), 1280, 411),
      })),
    );
  }
  if (slap === null) throw new Error('a live picture of fingers is of one slap');
  const state = (name: FingerName) => c.fingers.find((f) => f.finger === name)?.state;
  const drawn: DrawnFinger[] = ON_GLASS[slap].map((name) =>
    state(name) === 'exception' ? null : { ridge: ridge(name), ink: state(name) === 'weak' ? 0.38 : 0.92 },
  );
  const low = c.fingers.some((f) => slapOf(f.finger) === slap && f.state === 'weak');
  return [
    {
      measure: { ...plain, advice: low ? 'low_pressure' : null },
      jpeg: await svgToJpeg(slapSvg(756, 524, drawn), 756, 524),
    },
  ];
}

/** A signature as the pen writes it, in shares of the pad. */
export function penPath(): StrokePoint[] {
  return Array.from({ length: 61 }, (_, i) => {
    const u = i / 60;
    return {
      x: 0.15 + 0.7 * u,
      y: 0.2 + 0.1 * Math.sin(u * 22) * (1 - u * 0.5),
      t: i * 16,
      p: 0.4 + 0.3 * Math.sin(u * 9) ** 2,
      down: i < 60,
    };
  });
}
