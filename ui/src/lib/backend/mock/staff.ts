// Officers of the twin. The scene `empty` shows the page of somebody who may not keep officers.
import type { Backend, Officer, Role, Staff } from '../contract';
import { refuse, type World } from './world';

type Part = Pick<
  Backend,
  | 'staff'
  | 'addOfficer'
  | 'changeRoles'
  | 'suspendOfficer'
  | 'reinstateOfficer'
  | 'changeOwnPassword'
  | 'enrolFinger'
  | 'enrolFingerAgain'
  | 'renewRecovery'
  | 'addDistrictSlot'
  | 'recoverWithCode'
  | 'recoverWithDistrict'
>;

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const person = (id: string, name: string, roles: Role[], more: Partial<Officer> = {}): Officer => ({
  id,
  name,
  initials: name
    .split(' ')
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join(''),
  roles,
  state: 'active',
  lastSignIn: ago(20),
  finger: true,
  slot: true,
  me: false,
  ...more,
});

export function staffMock(world: World): Part {
  const alone = world.scene === 'empty';
  let staff: Staff = {
    officers: [
      person('hendra', 'Hendra Saputra', alone ? ['operator'] : ['supervisor', 'operator'], { me: true }),
      ...(alone
        ? []
        : [
            person('dewi', 'Dewi Anggraini', ['operator', 'register_officer', 'customer_service']),
            person('rizal', 'Rizal Fahmi', ['printing'], { finger: false, lastSignIn: null }),
            person('maya', 'Maya Sari', ['operator'], { state: 'suspended', slot: false, lastSignIn: ago(900) }),
          ]),
    ],
    slots: alone
      ? []
      : [{ fingerprint: null, madeAt: ago(2_000), holder: 'Hendra Saputra', place: 'Brankas kecamatan' }],
    canManage: !alone,
    scanner: true,
  };
  const own = (password: string) => {
    if (password === 'salah') refuse('wrong_password', { seconds: '2' });
  };
  const change = (id: string, more: Partial<Officer>): Staff => {
    staff = { ...staff, officers: staff.officers.map((one) => (one.id === id ? { ...one, ...more } : one)) };
    return staff;
  };
  return {
    staff: async () => structuredClone(staff),
    async addOfficer(name, roles, _new, password) {
      own(password);
      const id = (name.split(' ')[0] ?? '').toLowerCase();
      staff = {
        ...staff,
        officers: [...staff.officers, person(id, name, roles, { finger: false, lastSignIn: null })],
      };
      return staff;
    },
    async changeRoles(id, roles, password) {
      own(password);
      return change(id, { roles });
    },
    async suspendOfficer(id, password) {
      own(password);
      return change(id, { state: 'suspended', slot: false });
    },
    async reinstateOfficer(id, _new, password) {
      own(password);
      return change(id, { state: 'active', slot: true });
    },
    async changeOwnPassword(old) {
      own(old);
      return staff;
    },
    async enrolFinger(_id, password) {
      own(password);
      return { minutiae: 43 };
    },
    enrolFingerAgain: async (id) => change(id, { finger: true }),
    async renewRecovery(holder, place, password) {
      own(password);
      staff = {
        ...staff,
        slots: [{ fingerprint: null, madeAt: ago(0), holder, place }, ...staff.slots.filter((s) => s.fingerprint)],
      };
      return { groups: ['7K3M', 'Q2XA', '9TBD', 'H4WE', 'ZR8N', 'C5YJ', 'P6VG', '1SF0'], staff };
    },
    async addDistrictSlot(_file, holder, place, password) {
      own(password);
      staff = { ...staff, slots: [...staff.slots, { fingerprint: 'ab'.repeat(32), madeAt: ago(0), holder, place }] };
      return staff;
    },
    recoverWithCode: async () => refuse('recovery_wrong', { seconds: '5' }),
    recoverWithDistrict: async () => refuse('district_wrong'),
  };
}
