/** A shared list; entries that are settled already begin with a tick. */
export interface ListWords {
  title: string;
  entries: readonly string[];
}

const settled = "✓";

/** Takes the tick off an entry. */
export function readEntry(entry: string): { text: string; done: boolean } {
  return entry.startsWith(settled)
    ? { text: entry.slice(settled.length), done: true }
    : { text: entry, done: false };
}

export const gardenList: ListWords = {
  title: "花台要啥子",
  entries: [
    "✓营养土四袋",
    "✓喷壶一个，原来那个漏",
    "二荆条海椒苗，多几株",
    "挡猫的小竹篱笆，两米",
    "薄荷和藿香，掐起来煮鱼",
    "浇水排班：还差两家接到来",
    "一块小木牌，写“莫摘花，看就是”",
    "雨水桶，屋檐水接起浇花",
    "三角梅要搭个架架",
  ],
};

export const dinnerList: ListWords = {
  title: "坝坝宴哪个带啥子",
  entries: [
    "凉拌鸡，红油多点",
    "咸烧白三笼",
    "豆汤饭一锅，素的",
    "✓碗筷和一箱豆奶",
    "✓折叠桌两张",
    "✓板凳二十根，借好了",
    "凉面，麻辣和糖醋两样",
    "夹沙肉，老年人牙口好咬",
    "冰粉一桶，娃娃些的",
    "洗碗的人：还差三个",
    "泡菜拼盘，自己坛子头捞的",
    "话筒和音箱，唱几首老歌",
  ],
};

/** Lists of single buildings. */
export const buildingLists: readonly ListWords[] = [
  {
    title: "楼道花架要啥子",
    entries: ["✓木架子一个", "绿萝两盆", "吊兰，剪枝就行", "小喷壶", "接水盘三个", "浇水轮到来，写个名单"],
  },
  {
    title: "我们这栋缺啥子",
    entries: [
      "✓楼道灯泡两个",
      "防滑垫，下雨天门口要铺",
      "一把公用的伞",
      "看得清的楼层牌",
      "单元门口一条长凳",
      "急用电话牌，字写大点",
    ],
  },
  {
    title: "大厅聚餐哪个带啥子",
    entries: [
      "红糖糍粑",
      "✓水果一箱",
      "凉拌三丝",
      "娃娃喝的酸奶",
      "✓一次性桌布",
      "卤菜拼盘",
      "收拾桌子的人：还差两个",
    ],
  },
  {
    title: "换书换玩具",
    entries: [
      "绘本找二年级的",
      "积木换轨道车",
      "✓旧字典送一本",
      "童车换滑板车",
      "数学练习册，没写过的",
      "拼图，五百片以上的",
    ],
  },
];

export const courtyardNotice = [
  "坝坝宴定在月底，哪家带啥子写到“坝坝宴哪个带啥子”里头。",
  "升降晾衣架下周开始装，中午十二点到两点不动工。",
  "头一回借东西不好意思敲门的，找楼栋长，陪你走一趟。",
].join("\n");

export const buildingNotices: readonly string[] = [
  "单元门请随手带上。快递放错了，在板上喊一声就行。\n头一回借东西不好意思敲门的，找楼栋长，陪你走一趟。",
  "电瓶车请到棚子里头充电，莫推上楼。\n楼道堆的纸箱，这周末一起收。",
  "周末下午一楼大厅坐一哈，一家带一样，认个脸，以后好照应。",
  "水管检修改在下周二上午，当天早上先接点水。\n家里有老人要帮忙接水的，在聊天里说一声。",
  "厨余桶挪到东门边了，字写大了，晚上也看得清。\n谢谢写毛笔字的邻居。",
];
