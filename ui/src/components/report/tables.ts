// The tables behind the charts: everything of a report as rows of words and numbers.
import type { AgeBracket, Counted, Report } from '$lib/backend/contract';
import { exceptionWords } from '$lib/domain/words';
import { number, when } from '$lib/shared/format';
import { say, t } from '$lib/shared/strings.svelte';
import { reasonWords } from '../print/words';
import { dayLabel, funnelRows, monthName } from './findings';

export interface Table {
  id: string;
  title: string;
  /** First column is words; the others are numbers, set to the right. */
  head: string[];
  rows: string[][];
  /** What an empty table says. */
  none: string;
}

const minutes = (seconds: number | null) => (seconds === null ? t('report.nothing') : number(seconds / 60, 1));
const or = (n: number | null, digits = 0) => (n === null ? t('report.nothing') : number(n, digits));

/** `fingers amputated` or `finger.amputated` in words. */
function exceptionName(one: Counted): string {
  const [modality = '', code = ''] = one.key.split(/[ .]/);
  const part = { fingers: 'finger', irises: 'eye', iris: 'eye' }[modality] ?? modality;
  const words = exceptionWords(part, code, '');
  if (words === '') return one.label || one.key;
  return `${say(`report.part_${part}`, {}, part)}: ${words.toLowerCase()}`;
}

const ages = (id: string, title: string, list: AgeBracket[], none: string): Table => ({
  id,
  title,
  head: [t('report.age'), t('report.count')],
  rows: list.map((one) => [
    /^[\d –+-]+$/.test(one.label) ? t('report.days', { n: one.label }) : say(`report.age_${one.label}`, {}, one.label),
    number(one.count),
  ]),
  none,
});

/** A title with the moment at which its numbers were counted, where the period was over by then. */
export const counted = (report: Report, title: string) =>
  report.readLater === null ? title : t('report.read_later', { title, at: when(report.readLater) });

export function tables(report: Report): Table[] {
  const open = (title: string) => counted(report, title);
  const rows = (list: Counted[], words: (one: Counted) => string) => list.map((one) => [words(one), number(one.count)]);
  return [
    {
      id: 'production',
      title: t('report.production'),
      head: [t('report.day'), t('report.recorded'), t('report.printed'), t('report.handed')],
      rows: report.production.map((d) => [
        dayLabel(report.period, d.day),
        number(d.recorded),
        number(d.printed),
        number(d.handedOver),
      ]),
      none: t('report.production_none'),
    },
    {
      id: 'operators',
      title: t('report.operators'),
      head: [t('report.operator'), t('report.recorded'), t('report.printed'), t('report.handed')],
      rows: report.operators.map((o) => [o.name, number(o.recorded), number(o.printed), number(o.handedOver)]),
      none: t('report.production_none'),
    },
    {
      id: 'steps',
      title: t('report.steps'),
      head: [
        t('report.step'),
        t('report.median_minutes'),
        t('report.p90'),
        t('report.standard'),
        t('report.visits'),
        t('report.late'),
      ],
      rows: report.steps.map((s) => [
        t(`step.${s.step}`),
        minutes(s.median),
        minutes(s.p90),
        number(s.standard / 60),
        number(s.visits),
        number(s.late),
      ]),
      none: t('report.steps_none'),
    },
    {
      id: 'quality',
      title: t('report.quality'),
      head: [t('report.what'), t('report.mean'), t('report.below'), t('report.kept'), t('report.attempts')],
      rows: report.quality.map((q) => [
        say(`report.part_${q.modality}`, {}, q.modality),
        or(q.mean),
        number(q.belowLimit),
        number(q.kept),
        number(q.attempts / 100, 1),
      ]),
      none: t('report.quality_none'),
    },
    {
      id: 'returns',
      title: t('report.returns'),
      head: [t('report.reason'), t('report.count')],
      rows: rows(report.returns, (one) =>
        say(`return_reason.${one.key}`, {}, say(`status_reason.${one.key}`, {}, one.label || one.key)),
      ),
      none: t('report.returns_none'),
    },
    {
      id: 'exceptions',
      title: t('report.exceptions'),
      head: [t('report.reason'), t('report.count')],
      rows: rows(report.exceptions, exceptionName),
      none: t('report.exceptions_none'),
    },
    {
      id: 'spoilage',
      title: t('report.spoilage'),
      head: [t('report.month'), t('report.spoiled'), t('report.used'), t('report.share')],
      rows: report.spoilage.map((m) => [
        `${monthName(m.month)} ${m.month.slice(0, 4)}`,
        number(m.spoiled),
        number(m.spent),
        m.spent + m.spoiled === 0 ? t('report.nothing') : t('report.percent', { n: number(m.share / 100, 1) }),
      ]),
      none: t('report.spoilage_none'),
    },
    {
      id: 'spoil_reasons',
      title: t('report.spoil_reasons'),
      head: [t('report.reason'), t('report.count')],
      rows: rows(report.spoilReasons, spoilName),
      none: t('report.spoil_reasons_none'),
    },
    {
      id: 'funnel',
      title: open(t('report.funnel')),
      head: [t('report.stage'), t('report.people'), t('report.between')],
      rows: funnelRows(report.funnel).map((r) => [t(`report.funnel_${r.id}`), number(r.count), r.note]),
      none: t('report.funnel_none'),
    },
    ages('unsent', open(t('report.unsent_age')), report.unsent, t('report.unsent_none')),
    ages('unclaimed', open(t('report.unclaimed_age')), report.unclaimed, t('report.unclaimed_none')),
    {
      id: 'stock',
      title: report.readLater === null ? t('report.stock') : open(t('report.stock_then')),
      head: [
        t('report.item'),
        t('report.on_hand'),
        t('report.held'),
        t('report.spoiled'),
        t('report.missing'),
        t('report.used_month'),
        t('report.days_left'),
      ],
      rows: report.stock
        .filter((s) => s.item !== 'blangko_wna' || s.level !== 'unknown')
        .map((s) => [
          t(`report.item_${s.item}`),
          number(s.onHand),
          number(s.held),
          number(s.spoiled),
          number(s.missing),
          number(s.usedMonth),
          or(s.daysLeft),
        ]),
      none: t('report.stock_none'),
    },
  ];
}

/** Why blangko were spoiled, as the desk words it. */
export const spoilName = (one: Counted): string => {
  const words = reasonWords('spoil_reason', one.key);
  return words === one.key ? one.label || one.key : words;
};
