import { Band } from "./Band.tsx";
import styles from "./kiosk.module.css";
import { FreshScene } from "./scenes/FreshScene.tsx";
import { NoticeScene } from "./scenes/NoticeScene.tsx";
import { UnitScene } from "./scenes/UnitScene.tsx";
import { VoteMoment } from "./scenes/VoteMoment.tsx";
import { WelcomeScene } from "./scenes/WelcomeScene.tsx";
import { isCalled, keyOf, type Scene } from "./scenes.ts";
import { bandPlace, nudge, pictureAge } from "./screen-care.ts";
import { useShow } from "./use-wall.ts";
import type { WallLine } from "./wall-line.ts";
import type { WallState } from "./wall-state.ts";

interface WallProps {
  readonly state: WallState;
  readonly line: WallLine | null;
  /** This device's clock. */
  readonly device: number;
}

/** The wall: one scene at a time, and the band that wanders. */
export function Wall({ state, line, device }: WallProps) {
  const now = device + state.clockOffset;
  const { scene } = useShow(state, line, now);
  const place = bandPlace(now);
  const { x, y } = nudge(now);
  const origin = state.view?.joinUrl ?? location.origin;
  return (
    <main
      className={place.edge === "start" ? styles.wallAfterBand : styles.wall}
      style={{ transform: `translate(${x}px, ${y}px)` }}
    >
      <div key={keyOf(scene)} className={styles.stage}>
        <SceneView scene={scene} state={state} now={now} origin={origin} />
      </div>
      <Band
        courtyard={state.view?.courtyard ?? ""}
        joinUrl={scene.kind === "vote" || scene.kind === "welcome" ? null : `${origin}/`}
        now={now}
        place={place}
        age={pictureAge(state, device)}
      />
    </main>
  );
}

interface SceneViewProps {
  readonly scene: Scene;
  readonly state: WallState;
  readonly now: number;
  readonly origin: string;
}

function SceneView({ scene, state, now, origin }: SceneViewProps) {
  switch (scene.kind) {
    case "unit":
      return <UnitScene state={state} unitId={scene.unitId} page={scene.page} />;
    case "fresh":
      return <FreshScene state={state} page={scene.page} />;
    case "notice":
      return <NoticeScene state={state} boardId={scene.boardId} page={scene.page} />;
    case "welcome":
      return <WelcomeScene courtyard={state.view?.courtyard ?? ""} joinUrl={`${origin}/`} />;
  }
  const vote = state.view?.votes.find(({ proposalId }) => proposalId === scene.proposalId);
  return vote ? (
    <VoteMoment vote={vote} lastCall={isCalled(vote, state, now)} now={now} origin={origin} />
  ) : null;
}
