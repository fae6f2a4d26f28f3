/**
 * The files of test/editor/workbench, in groups that run in one process each. Suites of a group share one VS Code where
 * they can. `both`: the files that also run on the oldest version of VS Code, since they touch what differs between the
 * versions. `seconds`: what the group takes on two cores; the longest begin first.
 */
export const drivenGroups = [
  {
    name: 'reading',
    seconds: 175,
    files: [
      'unlock',
      'pin',
      'item',
      'insert',
      'generator',
      'welcome',
      'withheld',
      'emptyValues',
      'reprompt',
      'manyItems',
      'search',
      'presentation',
    ],
    both: ['unlock', 'search'],
  },
  {
    name: 'sessions',
    seconds: 140,
    files: ['states', 'rotate', 'staleSession', 'accountGone'],
    both: ['states', 'rotate'],
  },
  { name: 'lifecycle', seconds: 95, files: ['lifecycle', 'access', 'writing'], both: [] },
  { name: 'editing', seconds: 80, files: ['form', 'attachments'], both: [] },
  { name: 'clock', seconds: 115, files: ['autoLock', 'background', 'copy', 'codes'], both: ['copy', 'codes'] },
  { name: 'two windows', seconds: 75, files: ['twoWindows', 'shared', 'accounts'], both: ['twoWindows', 'shared'] },
  { name: 'leaks', seconds: 55, files: ['leaks'], both: ['leaks'] },
  {
    name: 'signing in',
    seconds: 130,
    files: ['signIn', 'links', 'network', 'storage', 'restricted'],
    both: ['signIn'],
  },
  { name: 'starting', seconds: 50, files: ['activation', 'unreadable', 'walkthrough'], both: ['activation'] },
];

export const versions = ['1.105', 'newest'];

/** The groups of one version, with all their files or, on the oldest, with those of `both`. */
export function groupsFor(version, { everything = false } = {}) {
  const all = everything || version !== versions[0];
  return drivenGroups
    .map((group) => {
      const files = all ? group.files : group.both;
      return { ...group, files, seconds: (group.seconds * files.length) / group.files.length };
    })
    .filter(({ files }) => files.length > 0);
}
