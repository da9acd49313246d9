import type {
  DemoBoard,
  DemoBuilding,
  DemoChannel,
  DemoCourtyard,
  DemoHousehold,
  DemoSize,
  DemoUnit,
} from "./plan-types.ts";
import type { Random } from "./random.ts";

/** A row of like buildings. */
interface Block {
  buildings: number;
  units: number;
  floors: number;
  doorsPerFloor: number;
  elevator: boolean;
  /** Smallest and largest flat, 0.01 m². */
  area: readonly [number, number];
}

const walkUp = { buildings: 1, doorsPerFloor: 2, elevator: false, area: [4_800, 8_600] } as const;

const layouts: Record<DemoSize, { name: string; blocks: readonly Block[] }> = {
  /** 36 + 42 + 42 + 28 = 148 households. */
  courtyard: {
    name: "晋院 26 号",
    blocks: [
      { ...walkUp, units: 3, floors: 6 },
      { ...walkUp, units: 3, floors: 7 },
      { ...walkUp, units: 3, floors: 7 },
      { ...walkUp, units: 2, floors: 7 },
    ],
  },
  /** Stacked villas, low flats, two heights of elevator flats: 80 + 408 + 484 + 288 = 1,260 in 42 buildings. */
  compound: {
    name: "晋水新居",
    blocks: [
      { buildings: 10, units: 1, floors: 4, doorsPerFloor: 2, elevator: false, area: [11_000, 13_000] },
      { buildings: 17, units: 2, floors: 6, doorsPerFloor: 2, elevator: false, area: [8_500, 12_000] },
      { buildings: 11, units: 2, floors: 11, doorsPerFloor: 2, elevator: true, area: [7_000, 11_000] },
      { buildings: 4, units: 1, floors: 18, doorsPerFloor: 4, elevator: true, area: [5_000, 9_500] },
    ],
  },
};

export interface DemoPlaces {
  community: { id: string; name: string };
  courtyard: DemoCourtyard;
  buildings: DemoBuilding[];
  units: DemoUnit[];
  households: DemoHousehold[];
  boards: DemoBoard[];
  channels: DemoChannel[];
}

/** The tree of places with its boards and channels. Who has a phone is decided with the people. */
export function planPlaces(random: Random, size: DemoSize): DemoPlaces {
  const { name, blocks } = layouts[size];
  const courtyard: DemoCourtyard = {
    id: random.id(),
    name,
    boardsAt: size === "courtyard" ? "courtyard" : "building",
  };
  const buildings: DemoBuilding[] = [];
  const units: DemoUnit[] = [];
  const households: DemoHousehold[] = [];
  for (const block of blocks.flatMap((row) => Array.from({ length: row.buildings }, () => row))) {
    const building: DemoBuilding = {
      id: random.id(),
      courtyardId: courtyard.id,
      name: String(buildings.length + 1),
      floors: block.floors,
      elevator: block.elevator,
    };
    buildings.push(building);
    // Flats above each other are alike, and so are the units of one building.
    const areas = Array.from({ length: block.doorsPerFloor }, () => random.integer(...block.area));
    for (let number = 1; number <= block.units; number += 1) {
      const unit = { id: random.id(), buildingId: building.id, name: String(number) };
      units.push(unit);
      households.push(...planDoors(random, building, unit, areas));
    }
  }
  const scopes = [null, ...buildings.map(({ id }) => id)];
  const boardScopes = courtyard.boardsAt === "courtyard" ? [null] : scopes.slice(1);
  const placed = (buildingId: string | null) => ({ id: random.id(), courtyardId: courtyard.id, buildingId });
  return {
    community: { id: random.id(), name: "晋院社区" },
    courtyard,
    buildings,
    units,
    households,
    boards: boardScopes.map(placed),
    channels: scopes.map(placed),
  };
}

function planDoors(
  random: Random,
  building: DemoBuilding,
  unit: DemoUnit,
  areas: readonly number[],
): DemoHousehold[] {
  return Array.from({ length: building.floors }, (_, below) =>
    areas.map((area, left) => {
      const door = String((below + 1) * 100 + left + 1);
      return {
        id: random.id(),
        courtyardId: building.courtyardId,
        buildingId: building.id,
        unitId: unit.id,
        door,
        label: `${building.name}-${unit.name}-${door}`,
        floor: below + 1,
        area,
        phoneless: false,
      };
    }),
  ).flat();
}
