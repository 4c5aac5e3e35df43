import { describe, expect, it } from 'vitest';
import type { PortraitAttempt, PortraitState } from '$lib/backend/contract';
import { attemptWord, facelessNow, inForce, portraitMissing, stripOf } from './portrait';

const shot = (number: number, over: Partial<PortraitAttempt> = {}): PortraitAttempt => ({
  captureId: `c${number}`,
  number,
  takenAt: '',
  good: true,
  best: false,
  chosen: false,
  reasons: [],
  judgedReasons: [],
  widthPx: 600,
  heightPx: 800,
  ...over,
});
const state = (
  attempts: PortraitAttempt[],
  ticked: boolean[],
  approval: PortraitState['approval']['state'],
): PortraitState => ({
  attempts,
  measured: [],
  backdrop: { colour: 'biru', birthYear: 2008 },
  judged: (['eyes_open', 'no_glasses', 'forehead_visible', 'head_upright'] as const).map((line, i) => ({
    line,
    ticked: ticked[i] ?? false,
    excuse: null,
    by: null,
    at: null,
  })),
  approval: { state: approval, since: null, attempt: null },
  weak: false,
  otherBackdrop: null,
  accepted: false,
  tries: attempts.length,
  faceless: null,
  head: { crown: 0.175, chin: 0.765 },
});
const NO_FACE = { stillId: 's:9:still', takenAt: '', newest: true, widthPx: 480, heightPx: 640 };

describe('the portrait', () => {
  it('takes the chosen attempt before the best one', () => {
    expect(inForce(state([shot(1, { chosen: true }), shot(2, { best: true })], [], 'none'))?.number).toBe(1);
    expect(inForce(state([shot(1), shot(2, { best: true })], [], 'none'))?.number).toBe(2);
    expect(inForce(state([], [], 'none'))).toBeNull();
  });

  it('says only that there is no photo when there is none', () => {
    expect(portraitMissing(state([], [], 'none'), 3)).toEqual([{ key: 'no_photo', args: {} }]);
  });

  it('names what the operator and what the applicant still owe', () => {
    const lines = portraitMissing(state([shot(3, { best: true })], [true, true, true, false], 'waiting'), 3);
    expect(lines).toEqual([
      { key: 'not_judged', args: { count: '1' } },
      { key: 'not_approved', args: { number: '3' } },
    ]);
  });

  it('owes nothing for a line that cannot hold once that is witnessed', () => {
    const p = state([shot(3, { best: true })], [true, true, true, false], 'approved');
    p.judged[3]!.excuse = { note: 'leher kaku', witness: 'Maya Sari' };
    expect(portraitMissing(p, 3)).toEqual([]);
  });

  it('is ready when all is judged and the applicant has agreed, on the screen or aloud', () => {
    for (const how of ['approved', 'verbal'] as const) {
      expect(portraitMissing(state([shot(1, { best: true })], [true, true, true, true], how), 3), how).toEqual([]);
    }
  });

  it('asks for another photo below the limit, and after the tries of the office for a note', () => {
    const weak = { ...state([shot(1, { best: true })], [true, true, true, true], 'approved'), weak: true };
    expect(portraitMissing(weak, 3)).toEqual([{ key: 'weak', args: { number: '1', done: '1', needed: '3' } }]);
    expect(portraitMissing({ ...weak, tries: 3 }, 3)[0]!.key).toBe('weak_accept');
    expect(portraitMissing({ ...weak, tries: 3 }, 5)[0]!.key, 'another office').toBe('weak');
  });

  it('asks for another photo with the colours when another backdrop is due than it was judged beside', () => {
    const red = {
      ...state([shot(1, { best: true })], [true, true, true, true], 'approved'),
      weak: true,
      otherBackdrop: 'merah' as const,
    };
    const args = { number: '1', was: 'latar merah' };
    expect(portraitMissing(red, 3)).toEqual([{ key: 'backdrop', args }]);
    expect(portraitMissing({ ...red, tries: 3 }, 3)).toEqual([{ key: 'backdrop_accept', args }]);
  });

  it('leads past a face that is never found, and only while no photo was taken after it', () => {
    const none = { ...state([], [], 'none'), tries: 2, faceless: NO_FACE };
    expect(facelessNow(none, 3)).toBe('again');
    expect(facelessNow({ ...none, tries: 3 }, 3)).toBe('cut');
    expect(facelessNow({ ...none, tries: 3, faceless: { ...NO_FACE, newest: false } }, 3)).toBeNull();
    expect(facelessNow(state([], [], 'none'), 3)).toBeNull();
  });

  it('never shows as measured what a person has judged', () => {
    expect(attemptWord(shot(1, { reasons: ['too_dark'], judgedReasons: ['eyes_open'] }))).toEqual({
      kind: 'judged',
      reason: 'eyes_open',
    });
    expect(attemptWord(shot(1, { reasons: ['too_dark'] }))).toEqual({ kind: 'measured', reason: 'too_dark' });
    expect(attemptWord(shot(1, { best: true, reasons: ['too_dark'] }))).toEqual({ kind: 'best', reason: null });
  });

  it('keeps the best attempt in the strip however many follow it', () => {
    const many = [shot(1), shot(2, { best: true }), shot(3), shot(4), shot(5), shot(6), shot(7)];
    expect(stripOf(many, 4).map((a) => a.number)).toEqual([2, 5, 6, 7]);
    expect(stripOf(many.slice(0, 3), 4).map((a) => a.number)).toEqual([1, 2, 3]);
  });
});
