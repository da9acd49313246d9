/**
 * Things with several names: what the book says, what the shop says, what a Chengdu neighbour says.
 * A name that is part of another one's ("锤" of "锤子") needs no entry: parts of words are found anyway.
 */
const groups = [
  "螺丝刀 起子 改刀 改锥 螺丝批",
  "梯子 人字梯 楼梯凳 折叠梯 单梯 伸缩梯",
  "锤子 榔头 钉锤 锤锤",
  "扳手 扳子 活动扳手",
  "钳子 老虎钳 尖嘴钳 夹钳",
  "电钻 手电钻 冲击钻 电锤 手枪钻",
  "手电筒 电筒 手电 探照灯",
  "卷尺 米尺 钢卷尺 皮尺",
  "打气筒 气筒 充气泵 打气泵",
  "插线板 插板 拖线板 接线板 插排 排插",
  "热熔胶枪 胶枪",
  "簸箕 撮箕 撮瓢",
  "勺子 瓢羹 调羹 汤勺 瓢瓢",
  "毛巾 帕子 洗脸帕",
  "凳子 板凳 马扎 小板凳 椅子",
  "背篓 背篼 背兜",
  "行李箱 拉杆箱 旅行箱 箱子",
  "婴儿车 娃娃车 推车 童车 遛娃车",
  "拼图 拼板 智力拼图",
  "积木 乐高 磁力片",
  "绘本 图画书 娃娃书 小人书 连环画",
  "童话书 故事书 儿童书",
  "象棋 中国象棋",
  "麻将 麻雀 麻将牌",
  "扑克 扑克牌 纸牌 长牌",
  "蒸锅 蒸笼 笼屉 蒸格",
  "火锅 电火锅 鸳鸯锅 火锅盆",
  "烤箱 电烤箱 烤炉",
  "空气炸锅 空炸",
  "豆浆机 破壁机 料理机 榨汁机 搅拌机",
  "绞肉机 打肉机 碎肉机",
  "电饭煲 电饭锅",
  "高压锅 压力锅",
  "熨斗 挂烫机 烫斗",
  "吹风机 电吹风 吹风",
  "吸尘器 除螨仪",
  "取暖器 电暖器 烤火炉 小太阳 电炉子",
  "缝纫机 打衣机",
  "投影仪 投影机",
  "充电器 充电头 快充",
  "移动电源 充电宝",
  "自行车 洋马儿 单车 脚踏车",
  "羽毛球拍 羽拍 球拍",
  "乒乓球拍 乒乓拍",
  "跳绳 跳跳绳",
  "轮滑鞋 旱冰鞋 溜冰鞋",
  "帐篷 天幕",
  "睡袋 露营垫 防潮垫",
  "铁锹 铲子 铁铲 花铲",
  "锄头 锄锄 挖锄",
  "剪刀 修枝剪 花剪 园艺剪",
  "喷壶 洒水壶 浇水壶",
  "花盆 花钵 花钵钵 盆子",
  "轮椅 手推轮椅",
  "拐杖 拐棍 腋拐 助行器",
  "血压计 血压仪 量血压",
  "体温计 体温枪 额温枪",
  "蚊帐 罩子",
  "雨伞 撑花儿 伞",
  "洋芋擦 刨丝器 擦丝器",
].map((group) => group.split(" "));

const byName = new Map<string, string[][]>();
for (const group of groups) {
  for (const name of group) byName.set(name, [...(byName.get(name) ?? []), group]);
}

/** Other names of the thing a word means; none when the word means nothing in particular. */
export function synonymsOf(word: string): readonly string[] {
  return (byName.get(word) ?? []).flat().filter((name) => name !== word);
}
