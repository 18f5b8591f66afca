"use strict";
(() => {
  const place = document.getElementById("choice-live");
  const held = document.getElementById("choice-data");
  if (!place || !held) return;
  const { options, criteria, pairs, draws, concentration, robust, needed } = JSON.parse(held.textContent);
  const all = (name) => Array.from(place.querySelectorAll("[data-" + name + "]"));
  const [sliders, shares, limits] = ["weight", "share", "limit"].map(all);
  const verdict = document.getElementById("live-verdict");
  const body = place.querySelector("tbody");
  const percent = (share) => (100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0) + " %";

  // Random numbers that are the same every time, so that a weight that is moved back gives what it gave before.
  const stream = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const gamma = (shape, random) => { // Marsaglia and Tsang, 2000: https://doi.org/10.1145/358407.358414
    if (shape < 1) return gamma(shape + 1, random) * Math.pow(1 - random(), 1 / shape);
    const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal(random), v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  };
  const dice = stream(1);
  const noise = Array.from({ length: draws }, () => criteria.map(() => normal(dice)));

  const drawn = (weights) => criteria.map((_, at) => {
    const random = stream(100 + at), shape = concentration * weights[at];
    return Array.from({ length: draws }, () => weights[at] > 0 ? gamma(shape, random) : 0);
  });
  const lead = (gaps, spread, weights, draw) => {
    let sum = 0;
    for (let at = 0; at < gaps.length; at += 1) {
      if (gaps[at]) sum += weights[at][draw] * Math.sign(gaps[at]) * Math.max(Math.abs(gaps[at]) + spread[at] * noise[draw][at], 0);
    }
    return sum;
  };
  const firsts = (compared, weights) => {
    const beaten = options.map(() => new Uint8Array(draws));
    for (const { a, b, level, low, high, spread } of pairs) {
      if (level || !compared.includes(a) || !compared.includes(b)) continue;
      for (let draw = 0; draw < draws; draw += 1) {
        if (-lead(high, spread, weights, draw) < 0) beaten[b][draw] = 1;
        if (lead(low, spread, weights, draw) < 0) beaten[a][draw] = 1;
      }
    }
    return beaten.map((one) => 1 - one.reduce((sum, each) => sum + each, 0) / draws);
  };

  const demanded = () => limits.map((input) => input.value === "" || !Number.isFinite(input.valueAsNumber) ? null : input.valueAsNumber);
  const missed = (option, wanted) => {
    for (let at = 0; at < criteria.length; at += 1) {
      const { label, unit, factor, more, values, texts } = criteria[at];
      if (wanted[at] === null) continue;
      const limit = wanted[at] * factor, value = values[option];
      if (value === null) return label + " is not known";
      if (more ? value < limit : value > limit) {
        return label + " " + texts[option] + ", and " + (more ? "at least " : "at most ") + wanted[at] + " " + unit + " was demanded";
      }
    }
    return "";
  };
  const known = (option, weights, of) => criteria.reduce((sum, one, at) => one.utilities[option] === null ? sum : sum + weights[at] * of(one), 0);

  const judged = (weights, wanted) => {
    const found = options.map((name, at) => ({ at, name, why: missed(at, wanted), covered: known(at, weights, () => 1) }));
    const left = found.filter((one) => !one.why);
    const enough = left.filter((one) => one.covered >= needed - 1e-9);
    const compared = enough.length ? enough : left;
    for (const one of left) if (!compared.includes(one)) one.why = "no evidence for half of these weights";
    const first = firsts(compared.map((one) => one.at), drawn(weights));
    for (const one of compared) {
      one.first = first[one.at];
      one.score = one.covered ? known(one.at, weights, (criterion) => criterion.utilities[one.at]) / one.covered : 0;
    }
    const ahead = compared.filter((one) => one.first >= robust && one.covered >= needed - 1e-9);
    const winners = compared.length === 1 && left.length === 1 ? compared : ahead.length < compared.length ? ahead : [];
    return { found, compared, winners };
  };

  const told = ({ compared, winners }) => {
    if (!compared.length) return "Nothing to choose: no option meets these limits.";
    if (compared.length === 1 && winners.length) return winners[0].name + ": the only option that is left.";
    if (!winners.length) return "No robust winner with these weights.";
    const names = winners.map((one) => one.name).join(" and ");
    const share = percent(Math.min(...winners.map((one) => one.first)));
    return names + (winners.length > 1 ? ", which the evidence cannot tell apart: first in " : ": first in ") + share + " of the draws.";
  };

  const made = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const row = (one, weights) => {
    const line = document.createElement("tr");
    made("th", one.name, line).scope = "row";
    if (one.why) {
      made("td", "out: " + one.why, line).colSpan = 2;
      line.className = "out";
    } else {
      const cell = made("td", percent(one.first), line);
      const bar = made("span", "", cell);
      bar.className = "bar";
      bar.style.inlineSize = Math.round(100 * one.first) + "%";
      made("td", one.score.toFixed(3), line);
    }
    criteria.forEach(({ texts, sheet }, at) => {
      const cell = made("td", texts[one.at] ? "" : "not known", line);
      if (!weights[at]) cell.className = "unweighed";
      if (!texts[one.at]) return;
      const link = made("a", texts[one.at], cell);
      link.className = "n";
      link.href = "#" + sheet;
    });
    return line;
  };

  const show = () => {
    const moved = sliders.map((input) => input.valueAsNumber);
    const total = moved.reduce((sum, each) => sum + each, 0);
    const weights = moved.map((each) => total ? each / total : 0);
    shares.forEach((output, at) => { output.textContent = percent(weights[at]); });
    sliders.forEach((input, at) => input.setAttribute("aria-valuetext", percent(weights[at])));
    if (!total) {
      verdict.textContent = "One weight at least must be above 0.";
      body.replaceChildren();
      return;
    }
    const result = judged(weights, demanded());
    const order = (one) => [one.why ? 1 : 0, -(one.first ?? 0), -(one.score ?? 0)];
    const before = (a, b) => { const [x, y] = [order(a), order(b)]; return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]; };
    verdict.textContent = told(result);
    body.replaceChildren(...result.found.sort(before).map((one) => row(one, weights)));
  };

  const deeds = {
    profile: () => sliders.forEach((input, at) => { input.value = String(Math.round(100 * criteria[at].weight)); }),
    equal: () => sliders.forEach((input) => { input.value = "50"; }),
  };
  place.addEventListener("click", (event) => {
    const deed = event.target instanceof HTMLElement ? deeds[event.target.dataset.deed] : undefined;
    if (!deed) return;
    deed();
    limits.forEach((input) => { input.value = ""; });
    show();
  });
  place.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  place.addEventListener("input", show);
  place.hidden = false;
  show();
})();
