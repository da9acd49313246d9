/** Something that must not happen and did. */
export interface Finding {
  /** Stable, so that findings of one kind can be counted: "lost", "forbidden", "refused". */
  kind: string;
  text: string;
  /** Milliseconds since the run began. */
  at: number;
}

const keptOfAKind = 12;

/** All that a run finds wrong; of each kind the first ones are kept whole and the rest counted. */
export class Findings {
  readonly kept: Finding[] = [];
  readonly counts = new Map<string, number>();
  readonly #began = performance.now();
  readonly #told: (finding: Finding) => void;

  constructor(told: (finding: Finding) => void = () => {}) {
    this.#told = told;
  }

  add(kind: string, text: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count > keptOfAKind) return;
    const finding = { kind, text, at: performance.now() - this.#began };
    this.kept.push(finding);
    this.#told(finding);
  }

  get none(): boolean {
    return this.counts.size === 0;
  }

  lines(): string[] {
    const lines = this.kept.map(({ kind, text, at }) => `${kind} at +${(at / 1000).toFixed(1)} s: ${text}`);
    for (const [kind, count] of this.counts) if (count > keptOfAKind) lines.push(`${kind}: ${count} in all`);
    return lines;
  }
}
