import type { Backend } from '../contract';
import { notYet, type World } from './world';

type Part = Pick<
  Backend,
  'attestation' | 'answerData' | 'renderForm' | 'documentPage' | 'printDocument' | 'seal' | 'applicantScreen' | 'openApplicantScreen'
>;

/** Step 5 and the applicant's own screen. */
export function attestationMock(_world: World): Part {
  const no = () => notYet();
  return { attestation: no, answerData: no, renderForm: no, documentPage: no, printDocument: no, seal: no, applicantScreen: no, openApplicantScreen: no };
}
