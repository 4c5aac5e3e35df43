// The wording of official letters in the twin: open as it is shipped; whole in the scene 'wording', with two patterns of an
// office with one station in 'wording-one-station'.
import type { Backend, Wording } from '../contract';
import { formPageSvg, svgUrl } from './pictures';
import { refuse, type World } from './world';

type Part = Pick<Backend, 'wording' | 'wordingPage' | 'confirmWording'>;

export function wordingMock(world: World): Part {
  const state: Wording = {
    hash: 'a1',
    gaps: world.scene.startsWith('wording')
      ? []
      : [
          { line: 'lambang.png', why: 'empty' },
          { line: 'signer.name', why: 'sample' },
          { line: 'signer.nip', why: 'sample' },
        ],
    withoutStation: world.scene === 'wording-one-station' ? ['suket.number', 'minutes.number'] : [],
    confirmed: null,
    changed: false,
    training: world.scene === 'training',
    folder: '/home/petugas/.local/share/rekam',
  };
  return {
    wording: async () => structuredClone(state),
    wordingPage: async (letter) =>
      svgUrl(formPageSvg(letter === 'berita_acara' ? 'BERITA ACARA' : 'SURAT KETERANGAN', false)),
    async confirmWording(hash) {
      if (state.gaps.length > 0) return refuse('wording_gaps');
      if (hash !== state.hash) return refuse('wording_moved');
      state.confirmed = { by: 'Hendra Saputra', at: new Date().toISOString() };
      return structuredClone(state);
    },
  };
}
