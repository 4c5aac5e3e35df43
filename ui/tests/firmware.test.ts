// What the device page says of the firmware of each device. In jsdom with the twin.
import { expect, it } from 'vitest';
import type { DeviceRow } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { t } from '$lib/shared/strings.svelte';
import { eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

it('stands beside what is plugged in, in words where the device tells none', async () => {
  const backend = open();
  await see('page-queue');
  const devices = await backend.devices();
  const gone = (row: DeviceRow): DeviceRow => ({ ...row, name: '', identity: '', firmware: '', state: 'absent' });
  const rows = devices.rows.map((row) => (row.role === 'signature_pad' ? gone(row) : row));
  backend.devices = async () => ({ ...devices, rows });
  router.go('devices');
  const printer = await see('device-document_printer');
  expect(printer.textContent).toContain('ipp://localhost');
  expect(get('firmware-document_printer')!.textContent).toBe(t('devices.firmware', { version: '2.0' }));
  expect(get('firmware-card_reader')!.textContent).toBe(t('devices.no_firmware'));
  expect(get('device-card_reader')!.textContent, 'and who it is').toContain('072f:223b');
  expect(get('firmware-signature_pad'), 'nothing is there that could tell one').toBeNull();
});
