// 简体中文

export default {
  'page.title': 'Tweedie：看扩散模型作画',
  'page.tagline': '扩散模型就在您的浏览器里，一步一步地作画。',
  'page.language': '语言',

  'stage.title': '画面',
  'stage.xt': '{xt} 带噪声的图像',
  'stage.x0': '{x0} 网络的猜测',
  'stage.strip': '每一步的 {x0}',
  'stage.strip.first': '第一张图像每一步的 {x0}',
  'stage.viewer': '由显卡绘制的图像',
  'stage.alt.empty': '两个空画框：带噪声的图像，以及网络从中看到的图像。',
  'stage.alt.one': '第 {step} 步，共 {steps} 步。左：带噪声的图像。右：网络从中看到的图像。类别：{class}。',
  'stage.alt.many': '第 {step} 步，共 {steps} 步。前一组：{images} 张带噪声的图像。后一组：网络从中看到的图像。类别：{class}。',

  'load.sampler': '采样器',
  'load.weights': '网络权重',
  'load.waiting': '等待中',
  'load.some': '{done}',
  'load.part': '{done}，共 {total}',
  'load.all': '{total}',
  'load.cached': '{total}，来自缓存',
  'load.retry': '重试',

  'run.start': '开始',
  'run.pause': '暂停',
  'run.resume': '继续',
  'run.step': '单步',
  'run.cancel': '取消',
  'run.progress': '已完成的步数',
  'run.transport': '运行',

  'readout.step': '第 {step} 步，共 {steps} 步',
  'readout.ms': '每步 {ms} 毫秒',
  'readout.t': 't = {t}',

  'status.loading': '正在加载采样器和网络。',
  'status.ready': '已就绪。',
  'status.paused': '已暂停在第 {step} 步，共 {steps} 步。',
  'status.cancelled': '已取消于第 {step} 步，共 {steps} 步。',
  'status.done': '完成，用时 {time}。像素指纹：{hash}。',
  'status.identical': '完成，用时 {time}。像素与此链接的原图完全一致（{hash}）。',
  'status.differs': '完成，用时 {time}，但像素（{hash}）与此链接的原图（{expected}）不同。',
  'status.respawned': '已取消。采样器没有响应，已重新启动。',

  'controls.title': '配方',
  'controls.class': '类别',
  'controls.class.none': '不指定',
  'controls.class.all': '每类一张',
  'controls.seed': '种子',
  'controls.seed.hint': '种子相同，起始噪声就相同。',
  'controls.dice': '换一个种子',
  'controls.images': '图像数量',
  'controls.images.all': '各类别轮流。',
  'controls.steps': '步数',
  'controls.steps.hint': '1 到 {max}。',
  'controls.sampler': '采样方法',
  'controls.sampler.hint': '{description}',
  'controls.guidance': '引导强度',
  'controls.guidance.number': '引导强度（数值）',
  'controls.guidance.hint': '0 不理会类别，1 按训练所学使用类别，更大则更强调类别：更清晰，但变化更少。',
  'controls.guidance.none': '未指定类别时，引导不起作用。',
  'controls.model': '{title}：{parameters} 个参数，{size}。',

  'error.worker': '采样器无法启动。请检查此页面的文件是否齐全，或重新加载页面。',
  'error.sampler': '采样器无法启动（{detail}）。',
  'error.program': '您的浏览器无法编译采样器（{detail}）。请使用较新的浏览器。',
  'error.crash': '采样器意外停止，已重新启动。图像越少，所需内存越少。',
  'error.network': '{file} 下载失败。请检查网络连接后重试。',
  'error.missing': '缺少 {file}：服务器应答 {status}。',
  'error.weights': '网络无法使用（{detail}）。',
  'error.recipe': '无法运行此配方（{detail}）。',
  'error.run': '运行提前结束（{detail}）。',
  'error.value': '此值无法使用（{detail}）。',
  'status.running': '正在作画。',
  'status.progress': '第 {step} 步，共 {steps} 步。',

  'lesson.title': '您正在看什么',
  'lesson.intro':
    '一开始只有噪声。每一步，一个小型网络观察带噪声的图像，并估计其中的噪声；去掉这些噪声，剩下的就是网络心目中的干净图像。采样器朝它走一小步，然后再问一次。',
  'lesson.xt.title': '{xt}：采样器手中的图像',
  'lesson.xt.text':
    '图像与高斯噪声的混合：{mix}。开始时 {abar} 接近 0，几乎只有噪声；结束时它接近 1，噪声消失。',
  'lesson.x0.title': '{x0}：网络从中看到的图像',
  'lesson.x0.text':
    '所有可能变成 {xt} 的干净图像的平均，各按其概率计入。早期可能的图像很多，所以平均是模糊的；噪声越少，可能性越少，它就越清晰。',
  'lesson.tweedie.title': 'Tweedie 公式',
  'lesson.tweedie.text':
    '求这个平均并不需要列出所有图像。只要把带噪声的图像沿着得分 {score}（使带噪声图像更可能的方向）移动，再缩放回来：',
  'lesson.tweedie.noise':
    '得分与估计的噪声只差一个系数：{scoreeps}。因此，估计噪声、估计得分、估计干净图像，其实是同一个估计。',
  'lesson.guidance.title': '引导',
  'lesson.guidance.text':
    '每一步网络被问两次：一次给出类别，一次不给。引导强度 {g} 从后一个回答走向前一个回答，{g} 大于 1 时则越过它：{cfg}。',
  'lesson.here.title': '在哪里运行',
  'lesson.here.text':
    '就在这里，在您的处理器上。网络和采样器用 Go 编写，编译为 WebAssembly；您的操作不会离开此页面。同一个配方在任何机器上都给出逐位相同的像素，页面地址始终包含当前画面的配方。',
  'page.noscript': '此页面用 JavaScript 和 WebAssembly 自行计算图像。请允许运行脚本，以观看作画过程。',

  'unit.mb': '{n} MB',
  'unit.s': '{n} 秒',
};

/**
 * Texts that the worker gives in English.
 * @type {Record<string, string>}
 */
export const ofWorker = {
  Digits: '手写数字',
  'Walks straight along the predicted noise; without added noise the same start always ends in the same picture.':
    '沿着预测的噪声直走；不加噪声时，同样的起点总是得到同样的图像。',
  'Samples the posterior of each step and adds fresh noise, as the model was trained to be used.':
    '对每一步的后验分布采样并加入新的噪声，与模型训练时的用法相同。',
};
