import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** One small picture of several that lie side by side and have one legend. */
export interface Panel {
  /** What is measured, with its unit. */
  title: string;
  /** Values by the name of a server; null for what was not measured. */
  bars?: Record<string, number | null>;
  /** Points by the name of a server. */
  lines?: Record<string, [x: number, y: number][]>;
  xName?: string;
  log?: boolean;
}

const PANEL = { width: 300, height: 190, left: 58, top: 64, right: 18, bottom: 40 };
const PER_ROW = 3;
const LEGEND = 30;
const TEXT = "#444";
const FONT = "system-ui, sans-serif";
export interface Server {
  name: string;
  colour: string;
}

/** An SVG of all panels. Made without a DOM, from the numbers alone: the same numbers give the same bytes. */
export function chart(title: string, servers: readonly Server[], panels: readonly Panel[]): string {
  const columns = Math.min(PER_ROW, panels.length);
  const width = columns * PANEL.width;
  const height = Math.ceil(panels.length / PER_ROW) * PANEL.height + LEGEND + 12;
  const picture = init(null, null, { renderer: "svg", ssr: true, width, height });
  picture.setOption(optionOf(title, servers, panels, height));
  const svg = picture.renderToSVGString();
  picture.dispose();
  return plain(svg);
}

function optionOf(
  title: string,
  servers: readonly Server[],
  panels: readonly Panel[],
  height: number,
): EChartsCoreOption {
  const placed = panels.map((panel, index) => ({
    panel,
    index,
    left: (index % PER_ROW) * PANEL.width,
    top: Math.floor(index / PER_ROW) * PANEL.height,
  }));
  return {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: { fontFamily: FONT, color: TEXT },
    title: [
      { text: title, left: 12, top: 8, textStyle: { fontSize: 14, color: "#222" } },
      ...placed.map(({ panel, left, top }) => ({
        text: panel.title,
        left: left + 12,
        top: top + 36,
        textStyle: { fontSize: 11, fontWeight: "normal", color: TEXT },
      })),
    ],
    legend: {
      data: servers.map(({ name }) => name),
      itemGap: 28,
      top: height - LEGEND,
      itemHeight: 9,
      textStyle: { fontSize: 11, color: TEXT },
    },
    grid: placed.map(({ left, top }) => ({
      left: left + PANEL.left,
      top: top + PANEL.top,
      width: PANEL.width - PANEL.left - PANEL.right,
      height: PANEL.height - PANEL.top - PANEL.bottom + 30,
    })),
    xAxis: placed.map(({ panel, index }) => ({
      gridIndex: index,
      ...(panel.bars ? { type: "category", data: [""] } : lineAxis(panel.log)),
      name: panel.xName ?? "",
      nameLocation: "middle",
      nameGap: 20,
      nameTextStyle: { fontSize: 10 },
      axisLabel: { fontSize: 10, hideOverlap: true },
      splitLine: { show: false },
    })),
    yAxis: placed.map(({ panel, index }) => ({
      gridIndex: index,
      ...(panel.bars ? { type: "value" } : lineAxis(panel.log)),
      axisLabel: { fontSize: 10, hideOverlap: true },
      splitLine: { lineStyle: { color: "#eee" } },
    })),
    series: placed.flatMap(({ panel, index }) => seriesOf(panel, index, servers)),
  };
}

const lineAxis = (log = false) => ({ type: log ? "log" : "value" });

function seriesOf({ bars, lines }: Panel, index: number, servers: readonly Server[]): object[] {
  const place = { xAxisIndex: index, yAxisIndex: index };
  return servers.flatMap(({ name, colour }): object[] => {
    const itemStyle = { color: colour };
    if (bars) return [{ ...place, type: "bar", name, itemStyle, data: [bars[name] ?? null] }];
    const data = lines?.[name];
    return data
      ? [{ ...place, type: "line", name, itemStyle, lineStyle: itemStyle, symbolSize: 5, data }]
      : [];
  });
}

/** Without what is for a page that answers the mouse, and without names numbered by a counter of the process. */
function plain(svg: string): string {
  const known = new Map<string, string>();
  return svg
    .replace(/<style[^>]*>.*?<\/style>\s*/gs, "")
    .replace(/ (class|ecmeta_\w+)="[^"]*"/g, "")
    .replace(/zr\d+-\w+/g, (id) => {
      const name = known.get(id) ?? `id${known.size}`;
      known.set(id, name);
      return name;
    });
}
