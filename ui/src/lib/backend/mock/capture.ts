import type { Backend } from '../contract';
import { notYet, type World } from './world';

type Part = Pick<
  Backend,
  | 'capture' | 'gotoModality' | 'preview' | 'takePortrait' | 'judgePortrait' | 'choosePortrait' | 'approvePortrait' | 'refusePortrait'
  | 'captureSlap' | 'acceptSlap' | 'answerLens' | 'captureIrises' | 'acceptEye' | 'rematch' | 'rematchNote' | 'changeChipFinger'
  | 'cancelDevice' | 'putException' | 'exceptionPhoto' | 'witnessException' | 'removeException' | 'saveSignature' | 'padSignature'
  | 'finishCapture' | 'image'
>;

/** Step 4: photo, fingers, irises, signature, re-match, exceptions. */
export function captureMock(_world: World): Part {
  const no = () => notYet();
  return {
    capture: no, gotoModality: no, preview: no, takePortrait: no, judgePortrait: no, choosePortrait: no, approvePortrait: no, refusePortrait: no,
    captureSlap: no, acceptSlap: no, answerLens: no, captureIrises: no, acceptEye: no, rematch: no, rematchNote: no, changeChipFinger: no,
    cancelDevice: no, putException: no, exceptionPhoto: no, witnessException: no, removeException: no, saveSignature: no, padSignature: no,
    finishCapture: no, image: no,
  };
}
