// A believable twin of the shell in memory, for component tests and design work. All people are made up.
import type { Backend } from '../contract';
import { applicationMock } from './application';
import { attestationMock } from './attestation';
import { blangkoMock } from './blangko';
import { captureMock } from './capture';
import { draftsMock, forgetsDrafts } from './drafts';
import { handoverMock } from './handover';
import { longWords } from './long';
import { printMock } from './print';
import { printDesk } from './print_desk';
import { printRequestMock } from './print_request';
import { queueMock } from './queue';
import { registerMock, reportMock } from './report';
import { staffMock } from './staff';
import { stationMock } from './station';
import { statusMock } from './status';
import { syncMock } from './sync';
import { verificationMock } from './verification';
import { wordingMock } from './wording';
import { World } from './world';

/**
 * `scene` picks a starting state: '' open at the queue · 'locked' · 'new' · 'training' · 'empty' · 'offline' · 'one-screen' ·
 * 'permit' and 'permit-locked' the permit to sign in without the centre is over;
 * 'long' before it ('long-locked') gives everything its longest words.
 */
export function mockBackend(scene = ''): Backend {
  const long = scene.startsWith('long');
  const world = new World(scene.replace(/^long(-(?!english))?/, ''));
  const desk = printDesk(world);
  const backend: Backend = {
    ...stationMock(world),
    ...queueMock(world),
    ...draftsMock(world),
    ...applicationMock(world),
    ...verificationMock(world),
    ...captureMock(world),
    ...attestationMock(world),
    ...syncMock(world),
    ...printRequestMock(world, desk),
    ...statusMock(world),
    ...printMock(world, desk),
    ...registerMock(world),
    ...reportMock(world),
    ...handoverMock(world),
    ...blangkoMock(world),
    ...staffMock(world),
    ...wordingMock(world),
  };
  forgetsDrafts(world, backend);
  return long ? longWords(backend) : backend;
}
