import { describe, expect, it } from 'vitest';
import type { MeasuredCheck } from '$lib/backend/contract';
import { adviceOf, t } from './kit';
import { SteadyAdvice, chooseAdvice, measuredRows } from './advice';

const check = (name: MeasuredCheck['check'], ok: boolean | null, advice: string | null = null): MeasuredCheck => ({
  check: name,
  ok,
  value: '',
  advice,
});

describe('the one amber line', () => {
  it('says first that there must be one face, whatever else is wrong', () => {
    const checks = [
      check('backdrop', false, 'backdrop_red'),
      check('light', false, 'dark_left'),
      check('single_face', false, 'no_face'),
    ];
    expect(chooseAdvice({ advice: null, checks }), 'light cannot be judged without a face').toBe('no_face');
  });

  it('takes the advice of the shell when it gives one', () => {
    expect(chooseAdvice({ advice: 'move_closer', checks: [check('light', false, 'dark_left')] })).toBe('move_closer');
  });

  it('falls back on the name of the check, and is silent when all is well', () => {
    expect(chooseAdvice({ advice: null, checks: [check('sharpness', false)] })).toBe('check_sharpness');
    expect(chooseAdvice({ advice: null, checks: [check('light', true, 'dark_left')] })).toBeNull();
  });

  it('does not flicker: a new line must be wanted for a while', () => {
    const steady = new SteadyAdvice(400);
    expect(steady.next('dark_left', 0), 'the first line is shown at once').toBe('dark_left');
    expect(steady.next('move_closer', 100)).toBe('dark_left');
    expect(steady.next('dark_left', 200), 'one odd frame changes nothing').toBe('dark_left');
    expect(steady.next('move_closer', 300)).toBe('dark_left');
    expect(steady.next('move_closer', 699)).toBe('dark_left');
    expect(steady.next('move_closer', 700)).toBe('move_closer');
    expect(steady.next(null, 800)).toBe('move_closer');
    expect(steady.next(null, 1200), 'the line goes when nothing is wrong any more').toBeNull();
  });

  it('lists failing checks first and keeps the backdrop apart', () => {
    const { rows, backdrop } = measuredRows([
      check('backdrop', true),
      check('sharpness', true),
      check('single_face', true),
      check('light', false),
    ]);
    expect(rows.map((r) => r.check)).toEqual(['light', 'single_face', 'sharpness']);
    expect(backdrop?.check).toBe('backdrop');
  });

  it('advises nothing about what could not be measured, and lists it between bad and good', () => {
    const checks = [check('light', null), check('single_face', true), check('exposure', false)];
    expect(measuredRows(checks).rows.map((r) => r.check)).toEqual(['exposure', 'light', 'single_face']);
    expect(chooseAdvice({ advice: null, checks: [check('light', null), check('backdrop', null)] })).toBeNull();
  });
});

describe('advice about one part', () => {
  it('names the part inside its sentence', () => {
    expect(adviceOf('low_pressure', t('capture.part.left_index'))).toBe('Telunjuk kiri kurang menekan');
    expect(adviceOf('lid_covers', t('capture.part.eye_left'), { eye: t('capture.eye.word.left') })).toBe(
      'Kelopak menutup iris kiri',
    );
  });

  it('puts the part before words that have no place for it', () => {
    expect(adviceOf('blurred', t('capture.part.eye_left'), { eye: 'kiri' })).toBe('Iris kiri: gambar kabur');
  });
});
