import { type ItemCategory, itemCategories } from "./layout.ts";

/** What people call the nine kinds; whole words only, so that 书架 is not taken for a book. */
const names: Record<ItemCategory, string> = {
  toys: "玩具 玩的 娃娃玩的 桌游 棋牌 toys toy",
  books: "书 图书 书籍 绘本 杂志 books book",
  tools: "工具 五金 家伙 tools tool",
  kitchen: "厨房 厨具 餐具 锅碗 kitchen",
  appliances: "小家电 家电 电器 appliances appliance",
  digital: "数码 电子 digital electronics",
  sports: "运动 体育 户外 健身 sports sport",
  garden: "花草 园艺 种花 花园 garden",
  other: "别的 其他 其它 杂物 other",
};

const nameOf: ReadonlyMap<string, ItemCategory> = new Map(
  itemCategories.flatMap((category) => names[category].split(" ").map((name) => [name, category] as const)),
);

/** The category a search word names; null for any other word. */
export const readCategoryWord = (word: string): ItemCategory | null => nameOf.get(word) ?? null;

/** Parts of titles that tell the kind of a thing. The longest part that is found decides. */
const parts: Record<Exclude<ItemCategory, "other">, string> = {
  toys: "玩具 积木 乐高 拼图 磁力片 布娃娃 公仔 遥控 小火车 滑滑梯 跳棋 象棋 围棋 军棋 五子棋 麻将 扑克 桌游 大富翁 魔方 陀螺 风筝 橡皮泥 平衡车 扭扭车 婴儿车 娃娃车 学步车 摇马",
  books:
    "书 绘本 杂志 小说 字典 词典 漫画 故事 童话 教材 教辅 诗 百科 图册 三国演义 西游记 红楼梦 水浒 三体 连环画",
  tools:
    "螺丝刀 起子 改刀 改锥 锤 榔头 扳手 钳 电钻 冲击钻 钻头 锯 梯 卷尺 水平尺 水平仪 胶枪 打气筒 充气泵 手电 电筒 插线板 插板 插排 万用表 电笔 砂纸 刷子 滚筒 撬棍 千斤顶 测电 工具 焊 铆 推车 拖车 搭火线 疏通",
  kitchen:
    "锅 蒸笼 笼屉 砂锅 铲 勺 刀 案板 菜板 擀面杖 模具 烤盘 碗 盘 碟 杯 茶 壶 坛 泡菜 石磨 漏斗 保温桶 饭盒 筷 醒酒 开瓶 压面 月饼模 电子秤 烘焙 打蛋",
  appliances:
    "烤箱 微波炉 电饭煲 豆浆机 破壁机 榨汁机 料理机 绞肉机 面包机 咖啡机 空气炸锅 电火锅 电饼铛 煮蛋器 吸尘器 除螨仪 挂烫机 熨斗 吹风机 缝纫机 风扇 取暖器 小太阳 加湿器 除湿机 空气净化器 暖风机 电热 热水壶 洗地机 高压洗车 冰淇淋机 酸奶机",
  digital:
    "投影 相机 三脚架 充电 移动电源 数据线 读卡器 硬盘 u盘 路由器 音箱 音响 话筒 麦克风 耳机 打印机 扫描 平板 ipad kindle 键盘 鼠标 显示器 转换器 hdmi 摄像 稳定器 补光灯 对讲机 游戏机 switch",
  sports:
    "球 拍 跳绳 哑铃 瑜伽 帐篷 睡袋 天幕 露营 登山 轮滑 滑板 自行车 单车 头盔 泳 救生衣 钓 鱼竿 呼啦圈 拉力 弹力带 护膝 飞盘 健腹 跑步 滑雪 折叠椅 折叠桌 烧烤架 野餐 防潮垫",
  garden:
    "花 种子 种苗 苗 盆 喷壶 洒水 修枝 锄 铁锹 花铲 肥 营养土 园艺 多肉 绿萝 水管 爬藤 竹竿 浇水 松土 嫁接 月季 兰草 葱 蒜苗",
};

const guesses = Object.entries(parts)
  .flatMap(([category, words]) =>
    words.split(" ").map((word) => ({ word, category: category as ItemCategory })),
  )
  .sort((one, other) => other.word.length - one.word.length);

/** The kind of thing a title most likely names, to save a choice; null when nothing in it tells. */
export function guessCategory(title: string): ItemCategory | null {
  const folded = title.normalize("NFKC").toLowerCase();
  return guesses.find(({ word }) => folded.includes(word))?.category ?? null;
}
