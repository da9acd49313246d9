/** The vote that is over: what the talk about the drying yard led to. */
export const closedVote = {
  title: "院坝晾衣区怎么改",
  body: [
    "花台南边那排固定的晾衣杆拆了，换成三组手摇升降的：晾的时候放下来，不晾的时候收上去，坝坝空出来大家走。",
    "赞同：照这个办。反对：保持现在的样子。",
    "施工三天，中午十二点到两点不动工。钱从微项目里头出，单子贴在大门口，人人都看得到。",
  ].join("\n"),
} as const;

/** The vote that is on. */
export const openVote = {
  title: "花台边那块空地先弄啥子",
  body: [
    "雪松砍了以后空出来三十来个平方，先弄一样，弄好了看大家用得咋样，再说下一样。",
    "一户一票，屋头先商量一哈。收票之前想改主意都可以改，结果收票了一起公布。",
  ].join("\n"),
  options: [
    "安几条带靠背的长椅",
    "搭个遮雨的棚棚",
    "围个娃娃耍沙的坑坑",
    "栽两棵桂花树",
    "做一排种菜的木箱",
    "摆两张下棋的石桌",
  ],
} as const;
