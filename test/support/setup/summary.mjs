import { tooManyUnsteady } from './unsteady.mjs';

const slowest = 10;

/** What is to be read above the line of counts: where the time went, what failed, and what passed at the second try alone. */
export function summary(outcomes, { setUpSeconds, totalSeconds }) {
  const stages = [...outcomes].sort((a, b) => b.seconds - a.seconds);
  const tests = outcomes
    .flatMap(({ name, times }) => times.map((time) => ({ ...time, name })))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, slowest);
  const failed = outcomes.flatMap(({ name, failed: count, failures = [name] }) =>
    count > 0 ? failures.map((title) => `failed: ${name}: ${title}`) : [],
  );
  const unsteady = outcomes.flatMap(({ name, unsteady: titles }) => titles.map((title) => `${name}: ${title}`));
  return [
    '\nTime of each stage:',
    ...stages.map(({ name, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${name}`),
    '\nThe slowest tests:',
    ...tests.map(({ name, title, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}: ${title}`),
    `\n${minutes(totalSeconds - setUpSeconds)} after the set-up, ${minutes(totalSeconds)} with it`,
    ...failed,
    ...unsteady.map((each) => `unsteady: ${each}`),
    ...(unsteady.length >= tooManyUnsteady ? [`${unsteady.length} unsteady tests fail the run`] : []),
  ].join('\n');
}

function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
