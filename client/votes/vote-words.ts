import type { TFunction } from "i18next";
import type { HouseholdBallot, ProposalOption, ProposalView, Tally } from "../../shared/proposals/model.ts";
import { abstainOption, yesNoOptions } from "../../shared/proposals/rules.ts";
import { outcomeOf } from "../../shared/proposals/tally.ts";
import type { Bar } from "../ui/Bars.tsx";
import { isToday, momentText } from "../ui/moment.ts";

type T = TFunction<"votes">;
type Paper = Pick<ProposalView, "kind" | "options">;

const known = [...yesNoOptions, abstainOption] as const;
const tones = { yes: "bamboo", no: "brick", abstain: "stone" } as const;

/** When something happened, as a part of a sentence: "at 20:00", "on 5 March, 20:00". */
export const whenText = (t: T, at: number, now: number, language: string): string =>
  t(isToday(at, now) ? "when.today" : "when.day", { time: momentText(at, now, language) });

/** What decides, in one line: the simple rule as `outcomeOf` counts by it. */
export const decidingLine = (t: T, { kind }: Pick<Paper, "kind">): string => t(`decides.${kind}`);

/** What an option is called: yes, no and abstain in the reader's language, the rest as it was written. */
export function optionWord(t: T, { id, label }: ProposalOption): string {
  const word = known.find((name) => name === id);
  return word ? t(`option.${word}`) : label;
}

const wordOf = (t: T, { options }: Paper, optionId: string): string => {
  const option = options.find(({ id }) => id === optionId);
  return option ? optionWord(t, option) : optionId;
};

/**
 * Whether a ballot was cast by somebody of the reader's name: from another device of theirs, since the ballot is
 * their own home's and two people called the same there would not be told apart by it either.
 */
export const isNamedLike = ({ by }: HouseholdBallot, myName: string): boolean => by === myName;

/** The result in one sentence, the same on phone, laptop and wall. */
export function outcomeSentence(t: T, paper: Paper, result: Tally): string {
  const outcome = outcomeOf(paper.kind, result);
  switch (outcome.kind) {
    case "passed":
      return t("outcome.passed", { yes: outcome.yes, no: outcome.no });
    case "not-passed":
      return t("outcome.notPassed", { yes: outcome.yes, no: outcome.no });
    case "chosen":
      return t("outcome.chosen", {
        option: wordOf(t, paper, outcome.optionId),
        count: outcome.households,
      });
    case "tie":
      return t("outcome.tie", {
        options: outcome.optionIds.map((id) => wordOf(t, paper, id)).join(t("outcome.and")),
        count: outcome.households,
      });
    case "nobody-chose":
      return t(result.voted.households === 0 ? "outcome.nobodyVoted" : "outcome.nobodyChose");
  }
}

/** The bars of a result: what could be chosen. Abstentions are said beside them, they are part of no share. */
export function resultBars(t: T, paper: Paper, result: Tally): Bar[] {
  return paper.options
    .filter(({ id }) => id !== abstainOption)
    .map((option) => ({
      id: option.id,
      label: optionWord(t, option),
      count: result.options.find(({ optionId }) => optionId === option.id)?.households ?? 0,
      tone: option.id === "yes" || option.id === "no" ? tones[option.id] : "plate",
    }));
}

/** Households that abstained; none also when that was not offered. */
export const abstentions = (result: Tally): number =>
  result.options.find(({ optionId }) => optionId === abstainOption)?.households ?? 0;
