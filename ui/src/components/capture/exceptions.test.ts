import { describe, expect, it } from 'vitest';
import type { Capture, ExceptionState } from '$lib/backend/contract';
import { candidates, chipChoices, missing, panels, partKey, visibleWindow, witnessable } from './exceptions';

const kept = (over: Partial<ExceptionState> = {}): ExceptionState => ({
  id: 'x1',
  part: { finger: 'left_index' },
  reason: 'amputated',
  words: '',
  permanence: 'permanent',
  returnOn: null,
  photo: 'taken',
  photoId: 'p',
  witness: { name: 'Yuliana', at: '2026-11-23T04:15:00Z' },
  substitute: null,
  valid: true,
  ...over,
});

describe('exceptions', () => {
  it('keep a panel for what is stored and add what was asked for, once', () => {
    const list = panels([kept()], [{ finger: 'left_index' }, { eye: 'left' }]);
    expect(list.map((p) => p.key)).toEqual(['left_index', 'eye_left']);
    expect(list[1]?.kept).toBeNull();
  });

  it('name parts in a stable way', () => {
    expect(partKey({ eye: 'right' })).toBe('eye_right');
    expect(partKey({ other: 'signature' })).toBe('signature');
  });

  it('say what is missing in the order in which it is filled', () => {
    const of = (e: ExceptionState | null) => missing({ key: 'k', part: { finger: 'left_index' }, kept: e });
    expect(of(null)).toBe('reason');
    expect(of(kept({ permanence: 'temporary', witness: null, photo: 'needed' }))).toBe('return_date');
    expect(of(kept({ photo: 'needed', witness: null }))).toBe('photo');
    expect(of(kept({ witness: null }))).toBe('witness');
    expect(of(kept()), 'nothing is missing').toBeNull();
    expect(of(kept({ valid: false })), 'whole and not valid: the witness once more').toBe('again');
    const other = { reason: 'other', photo: 'not_needed', witness: null, valid: false } as const;
    expect(of(kept(other)), 'a reason of the own words is nothing without them').toBe('words');
    expect(of(kept({ ...other, words: 'luka bakar' }))).toBe('witness');
  });

  it('call a witness for what is said, and again for what did not become valid', () => {
    const may = (e: ExceptionState | null) => witnessable({ key: 'k', part: { finger: 'left_index' }, kept: e });
    expect(may(null)).toBe(false);
    expect(may(kept({ reason: 'other', photo: 'not_needed', witness: null, valid: false })), 'unsaid').toBe(false);
    expect(may(kept({ permanence: 'temporary', witness: null, valid: false })), 'no day').toBe(false);
    expect(may(kept({ photo: 'needed', witness: null, valid: false })), 'the photo may come after').toBe(true);
    expect(may(kept({ photo: 'needed', valid: false })), 'only the photo is open').toBe(false);
    expect(may(kept({ valid: false })), 'again').toBe(true);
    expect(may(kept()), 'valid').toBe(false);
  });

  it('show three panels and keep the current one in sight', () => {
    expect(visibleWindow(2, 1)).toEqual({ from: 0, to: 2 });
    expect(visibleWindow(7, 0)).toEqual({ from: 0, to: 3 });
    expect(visibleWindow(7, 3)).toEqual({ from: 2, to: 5 });
    expect(visibleWindow(7, 6)).toEqual({ from: 4, to: 7 });
  });

  it('offer only parts that are not already good, those of the screen first', () => {
    const capture = {
      fingers: [
        { finger: 'right_index', state: 'good' },
        { finger: 'left_ring', state: 'weak' },
        { finger: 'left_little', state: 'exception' },
      ],
      eyes: [
        { eye: 'right', state: 'good' },
        { eye: 'left', state: 'pending' },
      ],
      signature: { state: 'pending' },
      slaps: [],
      tabs: [],
    } as unknown as Capture;
    expect(candidates(capture, 'irises').map(partKey)).toEqual(['eye_left', 'left_ring', 'signature']);
    expect(candidates(capture, 'fingers').map(partKey)).toEqual(['left_ring', 'eye_left', 'signature']);
    const tabs = (['fingers', 'irises', 'signature'] as const).map((modality) => ({ modality, state: 'not_needed' }));
    const alone = { ...capture, tabs } as Capture;
    expect(candidates(alone, 'fingers').map(partKey), 'of a photo alone, what is signed at step 5').toEqual([
      'signature',
    ]);
  });

  it('offer first the finger that a press named as not read', () => {
    const pending = ['left_index', 'left_middle', 'left_ring'].map((finger) => ({ finger, state: 'pending' }));
    const slap = {
      expected: ['left_ring', 'left_middle', 'left_index'],
      unread: { reason: 'not_read', fingers: ['left_ring'] },
    };
    const given = { tabs: [], eyes: [], signature: { state: 'done' } };
    const capture = { ...given, fingers: pending, slaps: [slap] } as unknown as Capture;
    expect(candidates(capture, 'fingers').map(partKey)).toEqual(['left_ring', 'left_index', 'left_middle']);
  });

  it('offer chip fingers of the same hand that were captured, in the order of the office', () => {
    const capture = {
      fingers: [
        { finger: 'left_index', state: 'weak' },
        { finger: 'left_middle', state: 'good' },
        { finger: 'left_ring', state: 'exception' },
        { finger: 'left_thumb', state: 'accepted_low' },
        { finger: 'right_middle', state: 'good' },
      ],
      rematch: [{ finger: 'left_index' }, { finger: 'right_index' }],
    } as unknown as Capture;
    expect(chipChoices(capture, 'left_index')).toEqual(['left_middle', 'left_thumb']);
  });
});
